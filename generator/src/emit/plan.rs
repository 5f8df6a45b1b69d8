//! The plan of a call: what its builder is made of, decided once for all emitters that write a part of it.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Api, BodyForm, Operation, Parameter, Presence, Response, Struct, Type};
use crate::names::{RustIdent, Scope};
use crate::wire::{Signature, function_name};

use super::Input;
use super::rust_type::{Scope as TypeScope, rust_type, tight};

/// Arguments a method takes before its body becomes one argument of its own.
const MOST_ARGUMENTS: usize = 6;

/// How the body of an operation is put together.
pub(super) enum BodyPlan<'a> {
    None,
    /// Its properties are arguments and setters of the builder.
    Spread(&'a Struct),
    /// It is one argument.
    Argument,
    /// It is one setter.
    Setter,
}

/// An operation and what its builder looks like.
pub(super) struct Plan<'a> {
    pub input: &'a Input<'a>,
    pub operation: &'a Operation,
    pub builder: RustIdent,
    /// Type of the answers, when they differ by status.
    pub answer: RustIdent,
    /// Type of the bodies of errors, when they differ by status.
    pub error_body: RustIdent,
    pub body: BodyPlan<'a>,
    /// How its wire function is called, for those who write the call.
    pub signature: Option<&'a Signature>,
}

impl<'a> Plan<'a> {
    pub fn new(input: &'a Input<'a>, operation: &'a Operation, builder: RustIdent) -> Self {
        let (answer, error_body) = (builder.with_suffix("Answer"), builder.with_suffix("ErrorBody"));
        Self { input, operation, builder, answer, error_body, body: body_plan(input.api, operation), signature: None }
    }

    /// Says how its wire function is called.
    pub fn calling(self, signatures: &'a BTreeMap<String, Signature>) -> Self {
        Self { signature: signatures.get(function_name(self.operation).as_str()), ..self }
    }

    /// Takes names for the types beside the builder; every builder must have its name by then.
    pub fn naming_types(mut self, names: &mut Scope) -> Self {
        if matches!(self.operation.response, Response::ByStatus(_)) {
            self.answer = names.claim(self.answer);
        }
        if self.errors_differ() {
            self.error_body = names.claim(self.error_body);
        }
        self
    }

    /// Whether the bodies of errors get a type: the document describes different ones.
    pub fn errors_differ(&self) -> bool {
        self.operation.error_bodies(&self.input.api.types).len() > 1
    }

    /// The type of what awaiting the call gives.
    pub fn answer(&self) -> String {
        tight(&self.output(&self.operation.response).1)
    }

    /// How an answer becomes a value, and of which type.
    pub fn output(&self, success: &Response) -> (&'static str, TokenStream) {
        let typed = |ty: &Type| rust_type(&self.input.api.types, ty, TypeScope::Elsewhere);
        match success {
            Response::Json(ty) => ("json", typed(ty)),
            Response::Text => ("text", quote! { String }),
            Response::Bytes => ("bytes", quote! { sdk_runtime::Bytes }),
            Response::Empty => ("empty", quote! { () }),
            Response::Events(ty) => ("events", typed(ty)),
            Response::Lines(ty) => ("lines", typed(ty)),
            Response::ByStatus(_) => {
                let name = self.answer.token();
                ("status", quote! { #name })
            }
        }
    }

    /// Whether the properties of the body are arguments and setters of the builder.
    pub fn is_spread(&self) -> bool {
        matches!(self.body, BodyPlan::Spread(_))
    }

    /// Whether a method takes the body as its last argument.
    pub fn takes_body(&self) -> bool {
        matches!(self.body, BodyPlan::Spread(_) | BodyPlan::Argument)
    }

    /// Parameters that are arguments of the method.
    pub fn required(&self) -> impl Iterator<Item = &'a Parameter> {
        self.operation.parameters.iter().filter(|parameter| parameter.presence == Presence::Required)
    }

    /// Parameters that are setters of the builder.
    pub fn optional(&self) -> impl Iterator<Item = &'a Parameter> {
        self.operation.parameters.iter().filter(|parameter| parameter.presence != Presence::Required)
    }

    /// Whether a form with parts is sent.
    pub fn is_multipart(&self) -> bool {
        self.operation.body.as_ref().is_some_and(|body| body.form == BodyForm::Multipart)
    }
}

fn body_plan<'a>(api: &'a Api, operation: &'a Operation) -> BodyPlan<'a> {
    let Some(body) = &operation.body else { return BodyPlan::None };
    let required = operation.parameters.iter().filter(|parameter| parameter.presence == Presence::Required).count();
    match (body.presence, api.types.structure(&body.ty)) {
        (Presence::Required | Presence::Nullable, Some(structure))
            if required + structure.arguments.len() <= MOST_ARGUMENTS =>
        {
            BodyPlan::Spread(structure)
        }
        (Presence::Required | Presence::Nullable, _) => BodyPlan::Argument,
        (Presence::Optional | Presence::OptionalNullable, _) => BodyPlan::Setter,
    }
}
