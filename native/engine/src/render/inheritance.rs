//! Tags that cross templates: include, extends, block (django/template/loader_tags.py).
//!
//! Blocks live in Django's own `BlockContext`, so that native and Django templates may stand in one
//! chain. A template that is native is rendered here directly; any other through its own `render`.

use pyo3::IntoPyObjectExt;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use super::Renderer;
use super::context::Scopes;
use super::expression::Next;
use crate::django::django;
use crate::program::{Bindings, Expression, Program, Segment};
use crate::value::Value;

/// `block` inside a block: Django's node of the block, on its way through this render.
pub struct BlockValue<'py> {
    pub name: Bound<'py, PyString>,
    /// The `BlockNode` whose nodelist is being rendered.
    pub node: Bound<'py, PyAny>,
    context: Bound<'py, PyAny>,
    /// True under a `BlockContext`: the node that Python sees is a copy that knows the context.
    in_chain: bool,
    python: std::cell::OnceCell<Bound<'py, PyAny>>,
}

impl<'py> BlockValue<'py> {
    /// The `block` of a template that renders in `context`; any other node stays what it is.
    pub fn of_node(node: Bound<'py, PyAny>, context: &Bound<'py, PyAny>) -> PyResult<Value<'py>> {
        let py = node.py();
        let of = node.getattr_opt(intern!(py, "context"))?;
        if !of.is_some_and(|of| of.is(context)) {
            return Ok(Value::Py(node));
        }
        let name = node.getattr(intern!(py, "name"))?.cast_into()?;
        Ok(Value::Block(std::rc::Rc::new(BlockValue {
            name,
            node: node.clone(),
            context: context.clone(),
            in_chain: true,
            python: std::cell::OnceCell::from(node),
        })))
    }

    pub fn to_py(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if !self.in_chain {
            return Ok(self.node.clone());
        }
        if let Some(known) = self.python.get() {
            return Ok(known.clone());
        }
        let copy = django(py)?.call(py, intern!(py, "block_in"), (&self.node, &self.context))?;
        Ok(self.python.get_or_init(|| copy).clone())
    }
}

/// A nodelist of a native program: which program, and which of its bodies.
type Body<'py> = (Bound<'py, Program>, Option<usize>);

impl<'py> Renderer<'py> {
    pub fn render_include(
        &mut self,
        template: &Expression,
        bindings: &Bindings,
        only: bool,
        key: &Py<PyAny>,
    ) -> PyResult<()> {
        let template = self.template_to_include(template, key)?;
        let turns = self.data.turns.len();
        let result = self.include_bound(&template, bindings, only);
        self.data.turns.truncate(turns);
        result
    }

    /// Includes the template with values for some names, peers among them known as such.
    fn include_bound(
        &mut self,
        template: &Bound<'py, PyAny>,
        bindings: &Bindings,
        only: bool,
    ) -> PyResult<()> {
        let values = self.resolve_bindings(bindings)?;
        for value in &values {
            if let Value::Peer(peer) = value {
                self.data.turns.push(peer.clone());
            }
        }
        if only {
            return self.include_alone(template, bindings, values);
        }
        self.push_values(bindings, values)?;
        self.render_template(template)?;
        self.scopes.pop()
    }

    /// `template.render(context)`, of a template or a partial.
    pub fn render_template(&mut self, template: &Bound<'py, PyAny>) -> PyResult<()> {
        match self.native_body(template)? {
            Some((program, body)) if self.engine.direct => {
                self.deeper(|renderer| renderer.render_isolated(template, program, body))
            }
            _ => self.render_by_template(template),
        }
    }

    /// The template that an include names; a constant name is asked for once a render.
    fn template_to_include(
        &mut self,
        name: &Expression,
        key: &Py<PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let address = key.as_ptr() as usize;
        if let Some(known) = self.included.get(&address) {
            return Ok(known.1.clone());
        }
        let target = self.resolve(name, false)?.to_py(self.py)?;
        if let Some(template) = self.kept_template(&target)? {
            return Ok(template);
        }
        let origin = self.program.get().origin.clone_ref(self.py);
        let template = django(self.py)?.call(
            self.py,
            intern!(self.py, "included_template"),
            (&self.context, &target, key, origin),
        )?;
        if name.is_constant() && target.is_instance_of::<PyString>() {
            let kept = (key.bind(self.py).clone(), template.clone());
            self.included.insert(address, kept);
        }
        Ok(template)
    }

    /// The template of an absolute name, where the engine's cached loader has it.
    fn kept_template(&self, name: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let (Some(templates), Ok(text)) = (&self.engine.templates, name.cast::<PyString>()) else {
            return Ok(None);
        };
        let is_text =
            text.is_exact_instance_of::<PyString>() || django(self.py)?.is_safe_string(text);
        if !is_text || text.to_str().is_ok_and(|text| text.starts_with('.')) {
            return Ok(None);
        }
        let wanted = django(self.py)?.template.as_ptr().cast();
        let found = templates.get_item(text)?;
        Ok(found.filter(|template| template.get_type_ptr() == wanted))
    }

    /// `{% include … only %}`: `template.render(context.new(values))`.
    fn include_alone(
        &mut self,
        template: &Bound<'py, PyAny>,
        bindings: &Bindings,
        values: Vec<Value<'py>>,
    ) -> PyResult<()> {
        let names = PyDict::new(self.py);
        for ((name, _), value) in bindings.iter().zip(values) {
            names.set_item(name, value.to_py(self.py)?)?;
        }
        let context = self.new_context(names)?;
        self.render_alone(template, context)
    }

    /// `template.render(context)` with a context that nobody else has.
    pub fn render_alone(
        &mut self,
        template: &Bound<'py, PyAny>,
        context: Bound<'py, PyAny>,
    ) -> PyResult<()> {
        match self.native_body(template)? {
            Some((program, body)) if self.engine.direct => self.deeper(|renderer| {
                renderer.in_context(context, |inner| {
                    inner.render_isolated(template, program, body)
                })
            }),
            _ => {
                let text = template.call_method1(intern!(self.py, "render"), (context,))?;
                self.push_text(&text)
            }
        }
    }

    /// `context.new(values)`
    pub fn new_context(&self, values: impl IntoPyObject<'py>) -> PyResult<Bound<'py, PyAny>> {
        let values = values.into_bound_py_any(self.py)?;
        django(self.py)?.call(
            self.py,
            intern!(self.py, "new_context"),
            (&self.context, values),
        )
    }

    /// Does `step` with `context` as the context of this render.
    fn in_context(
        &mut self,
        context: Bound<'py, PyAny>,
        step: impl FnOnce(&mut Self) -> PyResult<()>,
    ) -> PyResult<()> {
        let scopes = std::mem::replace(&mut self.scopes, Scopes::new(context.clone())?);
        let style = std::mem::replace(&mut self.style.context, context.clone());
        let outer = std::mem::replace(&mut self.context, context);
        let result = step(self);
        self.scopes = scopes;
        self.style.context = style;
        self.context = outer;
        result
    }

    fn render_by_template(&mut self, template: &Bound<'py, PyAny>) -> PyResult<()> {
        self.scopes.materialise()?;
        let text = template.call_method1(intern!(self.py, "render"), (&self.context,))?;
        self.push_text(&text)?;
        self.resume()
    }

    /// The native program behind a `Template` of ours or a partial, if it has one.
    fn native_body(&self, template: &Bound<'py, PyAny>) -> PyResult<Option<Body<'py>>> {
        if !django(self.py)?.is_template(template) {
            return Ok(None);
        }
        self.native_nodelist(&template.getattr(intern!(self.py, "nodelist"))?)
    }

    fn native_nodelist(&self, nodelist: &Bound<'py, PyAny>) -> PyResult<Option<Body<'py>>> {
        if nodelist.get_type_ptr() != django(self.py)?.native_node_list.as_ptr().cast() {
            return Ok(None);
        }
        let Ok(program) = nodelist
            .getattr(intern!(self.py, "program"))?
            .cast_into::<Program>()
        else {
            return Ok(None);
        };
        let body = nodelist
            .getattr(intern!(self.py, "body"))?
            .extract::<Option<usize>>()?;
        Ok(Some((program, body)))
    }

    /// `Template.render` inside a render: a render state of its own.
    fn render_isolated(
        &mut self,
        template: &Bound<'py, PyAny>,
        program: Bound<'py, Program>,
        body: Option<usize>,
    ) -> PyResult<()> {
        let render_context = self.context.getattr(intern!(self.py, "render_context"))?;
        let dicts = render_context
            .getattr(intern!(self.py, "dicts"))?
            .cast_into::<PyList>()?;
        let depth = dicts.len();
        dicts.append(PyDict::new(self.py))?;
        let result = self.render_as(template, &render_context, program, body);
        dicts.del_slice(depth, dicts.len())?;
        result
    }

    /// Renders `program` with `template` as the current one of the render state.
    fn render_as(
        &mut self,
        template: &Bound<'py, PyAny>,
        render_context: &Bound<'py, PyAny>,
        program: Bound<'py, Program>,
        body: Option<usize>,
    ) -> PyResult<()> {
        let name = intern!(self.py, "template");
        let outer = render_context.getattr(name)?;
        render_context.setattr(name, template)?;
        let result = self.within(program, body);
        render_context.setattr(name, outer)?;
        result
    }

    /// Renders a body of `program`, then goes on in the present one.
    fn within(&mut self, program: Bound<'py, Program>, body: Option<usize>) -> PyResult<()> {
        let outer = std::mem::replace(&mut self.program, program);
        self.data.around.push(outer);
        let result = self.render(body);
        if let Some(outer) = self.data.around.pop() {
            self.program = outer;
        }
        result
    }

    pub fn render_extends(
        &mut self,
        parent: &Expression,
        written: Option<&Py<PyString>>,
    ) -> PyResult<()> {
        let name = self.resolve(parent, false)?.to_py(self.py)?;
        let program = self.program.clone();
        let code = program.get().code()?;
        let template = django(self.py)?.call(
            self.py,
            intern!(self.py, "enter_parent"),
            (
                &self.context,
                name,
                &program.get().origin,
                &code.offered_blocks,
                written,
            ),
        )?;
        let render_context = self.context.getattr(intern!(self.py, "render_context"))?;
        match self.native_body(&template)? {
            Some((program, body)) if self.engine.direct => self
                .deeper(|renderer| renderer.render_as(&template, &render_context, program, body)),
            _ => {
                self.scopes.materialise()?;
                let text = django(self.py)?.call(
                    self.py,
                    intern!(self.py, "render_parent"),
                    (&self.context, template),
                )?;
                self.push_text(&text)?;
                self.resume()
            }
        }
    }

    /// The stacks of block nodes by name (`BlockContext.blocks`), under `{% extends %}`.
    pub fn block_stacks(&self) -> PyResult<Option<Bound<'py, PyDict>>> {
        let Some(chain) = self
            .render_state()?
            .get_item(intern!(self.py, "block_context"))?
        else {
            return Ok(None);
        };
        Ok(Some(
            chain
                .getattr(intern!(self.py, "blocks"))?
                .cast_into::<PyDict>()?,
        ))
    }

    /// `BlockNode.render`.
    pub fn render_block(&mut self, name: &Bound<'py, PyString>, body: usize) -> PyResult<()> {
        let own = self.own_block(name)?;
        let Some(stacks) = self.block_stacks()? else {
            let nodelist = (self.program.clone(), Some(body));
            return self.deeper(|renderer| renderer.run_block(name, own, Some(nodelist), false));
        };
        self.render_from_stack(&stacks, name, own)
    }

    fn own_block(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        self.program
            .get()
            .code()?
            .blocks
            .bind(self.py)
            .as_any()
            .get_item(name)
    }

    fn render_from_stack(
        &mut self,
        stacks: &Bound<'py, PyDict>,
        name: &Bound<'py, PyString>,
        own: Bound<'py, PyAny>,
    ) -> PyResult<()> {
        let stack = stacks.as_any().get_item(name)?.cast_into::<PyList>()?;
        let length = stack.len();
        let top = if length > 0 {
            Some(stack.get_item(length - 1)?)
        } else {
            None
        };
        if top.is_some() {
            stack.del_item(length - 1)?;
        }
        let node = top.clone().unwrap_or(own);
        let nodelist = self.native_nodelist(&node.getattr(intern!(self.py, "nodelist"))?)?;
        self.deeper(|renderer| renderer.run_block(name, node, nodelist, true))?;
        if let Some(top) = top {
            stack.append(top)?;
        }
        Ok(())
    }

    fn run_block(
        &mut self,
        name: &Bound<'py, PyString>,
        node: Bound<'py, PyAny>,
        nodelist: Option<Body<'py>>,
        in_chain: bool,
    ) -> PyResult<()> {
        let block = std::rc::Rc::new(BlockValue {
            name: name.clone(),
            node: node.clone(),
            context: self.context.clone(),
            in_chain,
            python: std::cell::OnceCell::new(),
        });
        self.scopes.push()?;
        self.scopes
            .set(intern!(self.py, "block"), Value::Block(block))?;
        match nodelist {
            Some((program, body)) => self.within(program, body)?,
            None => {
                self.scopes.materialise()?;
                let nodelist = node.getattr(intern!(self.py, "nodelist"))?;
                let text = nodelist.call_method1(intern!(self.py, "render"), (&self.context,))?;
                self.push_text(&text)?;
                self.resume()?;
            }
        }
        self.scopes.pop()
    }

    /// `block.super` and `block.name`; anything else on Django's node.
    pub fn block_step(
        &mut self,
        block: &BlockValue<'py>,
        segment: &Segment,
    ) -> PyResult<Next<'py>> {
        let wants_super = segment.name.bind(self.py).to_str()? == "super";
        if wants_super && block.in_chain {
            return Ok(Next::Found(self.render_super(&block.name)?));
        }
        let value = Value::Py(block.to_py(self.py)?);
        self.step(&value, segment)
    }

    /// `BlockNode.super`: the parent's block, rendered anew at each access.
    fn render_super(&mut self, name: &Bound<'py, PyString>) -> PyResult<Value<'py>> {
        let Some(stacks) = self.block_stacks()? else {
            return Ok(Value::text("", false));
        };
        let stack = stacks.as_any().get_item(name)?.cast_into::<PyList>()?;
        if stack.is_empty() {
            return Ok(Value::text("", false));
        }
        let own = stack.get_item(stack.len() - 1)?;
        let depth = self.scopes.depth();
        let rendered = self.captured(|renderer| renderer.render_from_stack(&stacks, name, own));
        if rendered.is_err() {
            self.scopes.unwind(depth)?;
        }
        let text = rendered?.to_py(self.py)?;
        Ok(Value::Py(django(self.py)?.call(
            self.py,
            intern!(self.py, "mark_safe"),
            (text,),
        )?))
    }
}
