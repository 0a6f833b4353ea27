"""Tags as libraries write them."""
