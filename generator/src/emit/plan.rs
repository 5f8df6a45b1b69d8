//! A call with what the emitters of its parts need to know.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{BodyForm, BodyPlan, Call, Operation, Parameter, Presence, Property, Resource, Response, Struct, Type};
use crate::wire::{Signature, function_name};

use super::Input;
use super::rust_type::{Scope, render_type, tight};

/// A call with its operation.
pub(crate) struct Plan<'a> {
    pub input: &'a Input<'a>,
    pub resource: &'a Resource,
    pub call: &'a Call,
    pub operation: &'a Operation,
    /// How its wire function is called, for those who write the call.
    pub signature: Option<&'a Signature>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(input: &'a Input<'a>, resource: &'a Resource, call: &'a Call) -> Self {
        Self { input, resource, call, operation: &input.api.operations[call.operation], signature: None }
    }

    /// Adds how its wire function is called.
    pub(crate) fn calling(self, signatures: &'a BTreeMap<String, Signature>) -> Self {
        Self { signature: signatures.get(function_name(self.operation).as_str()), ..self }
    }

    /// Returns the type of what awaiting the call returns.
    pub(crate) fn response(&self) -> String {
        tight(&self.output(&self.operation.response).1)
    }

    /// Returns how a response becomes a value, and of which type.
    pub(crate) fn output(&self, response: &Response) -> (&'static str, TokenStream) {
        let typed = |ty: &Type| render_type(&self.input.api.types, ty, Scope::Elsewhere);
        match response {
            Response::Json(ty) => ("json", typed(ty)),
            Response::Text => ("text", quote! { String }),
            Response::Bytes => ("bytes", quote! { sdk_runtime::Bytes }),
            Response::Empty => ("empty", quote! { () }),
            Response::Events(ty) => ("events", typed(ty)),
            Response::Lines(ty) => ("lines", typed(ty)),
            Response::ByStatus(_) => {
                let name = self.call.response.as_ref().unwrap_or(&self.call.builder).token();
                ("status", quote! { #name })
            }
        }
    }

    /// Returns the struct whose properties are arguments and setters of the builder.
    pub(crate) fn spread(&self) -> Option<&'a Struct> {
        let body = self.operation.body.as_ref().filter(|_| self.call.body == BodyPlan::Spread)?;
        self.input.api.types.structure(&body.ty)
    }

    /// Returns a property of the body by its index.
    pub(crate) fn property(&self, index: usize) -> Option<&'a Property> {
        self.spread()?.fields.get(index)
    }

    /// Returns whether a method takes the body as its last argument.
    pub(crate) fn takes_body(&self) -> bool {
        match self.call.body {
            BodyPlan::Spread | BodyPlan::Argument => true,
            BodyPlan::None | BodyPlan::Setter => false,
        }
    }

    /// Returns the parameters that are setters of the builder.
    pub(crate) fn optional(&self) -> impl Iterator<Item = &'a Parameter> {
        self.operation.parameters.iter().filter(|parameter| parameter.presence != Presence::Required)
    }

    /// Returns whether a multipart form is sent.
    pub(crate) fn is_multipart(&self) -> bool {
        self.operation.body.as_ref().is_some_and(|body| body.form == BodyForm::Multipart)
    }
}
