//! Parsers for what stands in macros: arguments, maps, lazy statics.
//!
//! Owns syntax alone; what it becomes in the tree is decided in `macros`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, Lit, Token, token};

/// One argument: `value`, `name = value`, `name: value`.
pub(super) struct MacroArgument {
    pub name: Option<Ident>,
    pub value: Expr,
}

/// Arguments between commas or semicolons.
pub(super) struct MacroArguments(pub Vec<MacroArgument>);

impl Parse for MacroArguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut arguments = Vec::new();
        while !input.is_empty() {
            let is_named = input.peek(Ident::peek_any)
                && ((input.peek2(Token![=])
                    && !input.peek2(Token![==])
                    && !input.peek2(Token![=>]))
                    || (input.peek2(Token![:]) && !input.peek2(Token![::])));
            let name = if is_named {
                let name = input.call(Ident::parse_any)?;
                if input.parse::<Option<Token![=]>>()?.is_none() {
                    input.parse::<Token![:]>()?;
                }
                Some(name)
            } else {
                None
            };
            // How a value is shown, in the macros of `tracing`.
            if input.parse::<Option<Token![%]>>()?.is_none() {
                input.parse::<Option<Token![?]>>()?;
            }
            let value = input.parse()?;
            arguments.push(MacroArgument { name, value });
            if input.is_empty() {
                break;
            }
            if input.parse::<Option<Token![;]>>()?.is_none() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(MacroArguments(arguments))
    }
}

/// A value of a map literal.
pub(super) enum MapValue {
    Map(MapEntries, token::Brace),
    List(Vec<MapValue>, token::Bracket),
    Null(Ident),
    Expression(Expr),
}

/// `"key": value` or `key => value`, separated by commas.
pub(super) struct MapEntries(pub Vec<(Expr, MapValue, bool)>);

impl Parse for MapEntries {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut entries = Vec::new();
        while !input.is_empty() {
            let key = if input.peek(Lit) {
                let lit = input.parse()?;
                let attrs = Vec::new();
                Expr::Lit(syn::ExprLit { attrs, lit })
            } else if input.peek(token::Paren) {
                let content;
                syn::parenthesized!(content in input);
                content.parse()?
            } else {
                let path = input.call(syn::Path::parse_mod_style)?;
                let (attrs, qself) = (Vec::new(), None);
                Expr::Path(syn::ExprPath { attrs, qself, path })
            };
            let is_arrow = input.peek(Token![=>]);
            if is_arrow {
                input.parse::<Token![=>]>()?;
            } else {
                input.parse::<Token![:]>()?;
            }
            entries.push((key, input.parse()?, is_arrow));
            if input.is_empty() {
                break;
            }
            input.parse::<Token![,]>()?;
        }
        Ok(MapEntries(entries))
    }
}

impl Parse for MapValue {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(token::Brace) {
            let ahead = input.fork();
            if let Ok(value) = map(&ahead)
                && (ahead.is_empty() || ahead.peek(Token![,]))
            {
                input.advance_to(&ahead);
                return Ok(value);
            }
        }
        if input.peek(token::Bracket) {
            let ahead = input.fork();
            if let Ok(value) = list(&ahead)
                && (ahead.is_empty() || ahead.peek(Token![,]))
            {
                input.advance_to(&ahead);
                return Ok(value);
            }
        }
        if input.peek(Ident) && (input.peek2(Token![,]) || input.fork().call(only_word).is_ok()) {
            let ahead = input.fork();
            if ahead.parse::<Ident>().is_ok_and(|word| word == "null") {
                return Ok(MapValue::Null(input.parse()?));
            }
        }
        Ok(MapValue::Expression(input.parse()?))
    }
}

fn only_word(input: ParseStream<'_>) -> syn::Result<()> {
    input.parse::<Ident>()?;
    if input.is_empty() {
        Ok(())
    } else {
        Err(input.error("more than a word"))
    }
}

fn map(input: ParseStream<'_>) -> syn::Result<MapValue> {
    let content;
    let brace = syn::braced!(content in input);
    Ok(MapValue::Map(content.parse()?, brace))
}

fn list(input: ParseStream<'_>) -> syn::Result<MapValue> {
    let content;
    let bracket = syn::bracketed!(content in input);
    let items: Punctuated<MapValue, Token![,]> = Punctuated::parse_terminated(&content)?;
    Ok(MapValue::List(items.into_iter().collect(), bracket))
}

/// `static ref NAME: Type = value;` of `lazy_static!`, `static NAME: Type = value;` of `thread_local!`.
pub(super) struct LazyStatics(pub Vec<(Ident, syn::Type, Expr)>);

impl Parse for LazyStatics {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut statics = Vec::new();
        while !input.is_empty() {
            input.call(syn::Attribute::parse_outer)?;
            input.parse::<syn::Visibility>()?;
            input.parse::<Token![static]>()?;
            input.parse::<Option<Token![ref]>>()?;
            let name = input.parse()?;
            input.parse::<Token![:]>()?;
            let of = input.parse()?;
            input.parse::<Token![=]>()?;
            statics.push((name, of, input.parse()?));
            if input.is_empty() {
                break;
            }
            input.parse::<Token![;]>()?;
        }
        Ok(LazyStatics(statics))
    }
}

/// `value; count`
pub(super) fn repeated(input: ParseStream<'_>) -> syn::Result<[Expr; 2]> {
    let value = input.parse()?;
    input.parse::<Token![;]>()?;
    Ok([value, input.parse()?])
}

/// The entries of a macro that reads as a map. With colons it has to have literal keys or braces.
pub(super) fn entries(tokens: &TokenStream, is_braced: bool) -> Option<MapEntries> {
    let entries = match syn::parse2::<MapEntries>(tokens.clone()) {
        Ok(entries) => entries,
        // `macro!({ "key": value })`
        Err(_) => match syn::parse2::<MapValue>(tokens.clone()) {
            Ok(MapValue::Map(entries, _)) => entries,
            _ => return None,
        },
    };
    let reads = entries.0.iter().all(|(key, _, is_arrow)| {
        let is_literal = matches!(key, Expr::Lit(_));
        is_literal || *is_arrow || is_braced
    });
    (reads && !entries.0.is_empty()).then_some(entries)
}
