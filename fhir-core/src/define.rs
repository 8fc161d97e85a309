//! The one macro of the crate: it keeps datatypes, resources, codes and choices down to their own content.

/// Defines FHIR types from what makes them differ.
///
/// - `element Name { field: Type = "jsonName", .. }`: a datatype or a part of a resource. Adds `extension`.
/// - `resource Name { field: Type = "jsonName", .. }`: a resource. Adds `id`, `meta`, `language`, `text`, `contained`,
///   `extension` and `into_resource`.
/// - `code Name { Variant = "code", .. }`: the codes of a required binding, with `ALL`, `as_str` and `parse`.
/// - `choice Name { Variant(Type), .. }`: the types of a `value[x]`; the variant is the suffix of the member's name.
/// - `lexical Name = rule`: a primitive that is kept as it was written, with `parse` and `as_str`.
///
/// All but the last also describe themselves to [`crate::validate()`], so that there is one list of elements and not two.
macro_rules! fhir {
    ($(#[$meta:meta])* element $name:ident { $($field:ident: $type:ty = $json:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Default, PartialEq, Eq)]
        pub struct $name {
            /// `extension`
            pub extension: Vec<$crate::types::Extension>,
            $(#[doc = concat!("`", $json, "`")] pub $field: $type,)*
        }

        impl $crate::types::ToValue for $name {
            fn to_value(&self) -> $crate::Value {
                let mut value = $crate::Value::object();
                $crate::types::Member::put(&self.extension, "extension", &mut value);
                $($crate::types::Member::put(&self.$field, $json, &mut value);)*
                value
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }

        impl $crate::validate::Shaped for $name {
            const SHAPE: $crate::validate::Shape = $crate::validate::Shape::Element {
                name: stringify!($name),
                members: || const { &[
                    ("extension", <Vec<$crate::types::Extension> as $crate::validate::Shaped>::SHAPE),
                    $(($json, <$type as $crate::validate::Shaped>::SHAPE),)*
                ] },
            };
        }
    };
    ($(#[$meta:meta])* resource $name:ident { $($field:ident: $type:ty = $json:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Default, PartialEq, Eq)]
        pub struct $name {
            /// `id`
            pub id: Option<String>,
            /// `meta`
            pub meta: Option<$crate::types::Meta>,
            /// `language`
            pub language: Option<String>,
            /// `text`
            pub text: Option<$crate::types::Narrative>,
            /// `contained`
            pub contained: Vec<$crate::Resource>,
            /// `extension`
            pub extension: Vec<$crate::types::Extension>,
            $(#[doc = concat!("`", $json, "`")] pub $field: $type,)*
        }

        impl $name {
            /// The name of the type in `resourceType` and in references.
            pub const TYPE: &'static str = stringify!($name);

            /// The resource as a tree.
            #[must_use]
            pub fn into_resource(self) -> $crate::Resource {
                let mut resource = $crate::Resource::new(Self::TYPE);
                let value = resource.value_mut();
                $crate::types::Member::put(&self.id, "id", value);
                $crate::types::Member::put(&self.meta, "meta", value);
                $crate::types::Member::put(&self.language, "language", value);
                $crate::types::Member::put(&self.text, "text", value);
                $crate::types::Member::put(&self.contained, "contained", value);
                $crate::types::Member::put(&self.extension, "extension", value);
                $($crate::types::Member::put(&self.$field, $json, value);)*
                resource
            }
        }

        impl $crate::types::ToValue for $name {
            fn to_value(&self) -> $crate::Value {
                self.clone().into_resource().into_value()
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }

        impl $crate::validate::Shaped for $name {
            const SHAPE: $crate::validate::Shape = $crate::validate::Shape::Element {
                name: stringify!($name),
                members: || const { &[
                    ("meta", <$crate::types::Meta as $crate::validate::Shaped>::SHAPE),
                    ("language", <String as $crate::validate::Shaped>::SHAPE),
                    ("text", <$crate::types::Narrative as $crate::validate::Shaped>::SHAPE),
                    ("contained", <Vec<$crate::Resource> as $crate::validate::Shaped>::SHAPE),
                    ("extension", <Vec<$crate::types::Extension> as $crate::validate::Shaped>::SHAPE),
                    $(($json, <$type as $crate::validate::Shaped>::SHAPE),)*
                ] },
            };
        }
    };
    ($(#[$meta:meta])* code $name:ident { $($variant:ident = $code:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $code, "`")] $variant,)*
        }

        impl $name {
            /// Every code, in the order of the specification.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The code as FHIR writes it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// The code that FHIR writes like this, if there is one.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl $crate::types::ToValue for $name {
            fn to_value(&self) -> $crate::Value {
                self.as_str().into()
            }
        }

        impl $crate::validate::Shaped for $name {
            const SHAPE: $crate::validate::Shape = $crate::validate::Shape::Code(|code| Self::parse(code).is_some());
        }
    };
    ($(#[$meta:meta])* choice $name:ident { $($variant:ident($type:ty)),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`…", stringify!($variant), "`")] $variant($type),)*
        }

        impl $crate::types::Member for $name {
            fn put(&self, name: &str, into: &mut $crate::Value) {
                match self {
                    $(Self::$variant(value) => {
                        $crate::types::Member::put(value, &format!("{name}{}", stringify!($variant)), into);
                    })*
                }
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self {
                    $(Self::$variant(_) => concat!(stringify!($name), "::", stringify!($variant), "(..)"),)*
                })
            }
        }

        impl $crate::validate::Shaped for $name {
            const SHAPE: $crate::validate::Shape = $crate::validate::Shape::Choice(|| const {
                &[$((stringify!($variant), <$type as $crate::validate::Shaped>::SHAPE),)*]
            });
        }
    };
    ($(#[$meta:meta])* lexical $name:ident = $rule:path) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Checks and wraps a text.
            ///
            /// # Errors
            /// [`InvalidPrimitive`](crate::InvalidPrimitive) when FHIR does not allow this text here.
            pub fn parse(text: &str) -> Result<Self, $crate::InvalidPrimitive> {
                if $rule(text) { Ok(Self(text.into())) } else { Err($crate::InvalidPrimitive::of(stringify!($name))) }
            }

            /// The text as it was written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

pub(crate) use fhir;
