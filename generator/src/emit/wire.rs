//! The wire layer: progenitor's mended output, and the hooks that inject what every request carries.

use quote::quote;

use crate::diagnostic::Report;
use crate::model::{BodyForm, Operation, Success};

use super::Input;
use super::source::SourceFile;

/// The file of the wire layer.
pub(super) fn wire(input: &Input<'_>, layer: syn::File) -> Result<String, Report> {
    let mut file = SourceFile::new(
        input.preamble,
        "The wire layer, written by progenitor: URLs, query, headers, bodies. Answers stay bytes; `sdk_runtime` decodes them.",
    );
    if input.api.operations.is_empty() {
        return Ok(file.finish());
    }
    file.file(layer);
    let opens = |success: &Success| matches!(success, Success::Events(_) | Success::Lines(_));
    if input.api.operations.iter().any(|operation| opens(&operation.success) || operation.stream.is_some()) {
        file.items(quote! {
            impl Client {
                #[doc = " Sends a request through the hooks and gives the answer before its body has arrived."]
                pub(crate) async fn open(
                    &self,
                    request: Result<reqwest::Request, Error<ByteStream>>,
                ) -> Result<sdk_runtime::stream::OpenResponse, sdk_runtime::Error> {
                    self.inner.open(self.exchange(request).await).await
                }
            }
        })?;
    }
    let uploads = |operation: &Operation| operation.body.as_ref().is_some_and(|body| body.form == BodyForm::Multipart);
    if input.api.operations.iter().any(uploads) {
        file.items(quote! {
            impl Client {
                #[doc = " Makes the form that is sent, and lets the call be repeated if it can be."]
                pub(crate) async fn form(
                    &self,
                    form: sdk_runtime::multipart::Form,
                ) -> Result<reqwest::multipart::Form, sdk_runtime::Error> {
                    self.inner.form(form).await
                }
            }
        })?;
    }
    file.items(quote! {
        impl ClientHooks<sdk_runtime::wire::Context> for Client {
            async fn pre<E>(&self, request: &mut reqwest::Request, _info: &OperationInfo) -> Result<(), Error<E>> {
                self.inner.prepare(request).map_err(Error::Custom)
            }

            async fn exec(
                &self,
                request: reqwest::Request,
                _info: &OperationInfo,
            ) -> reqwest::Result<reqwest::Response> {
                self.inner.execute(&self.client, request).await
            }
        }
    })?;
    Ok(file.finish())
}
