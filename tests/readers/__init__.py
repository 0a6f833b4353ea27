"""Who reads the decisions and watches the queries: guards, middleware, metrics and traces."""
