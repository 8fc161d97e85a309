//! The one macro of the crate: it keeps datatypes, resources, codes and choices down to their own content.

/// Defines FHIR types from what makes them differ.
///
/// - `element Name { field: Type = "jsonName", .. }`: a datatype. Adds `extension`.
/// - `part Name { .. }`: a part of a resource, or another BackboneElement. Adds `extension` and `modifierExtension`.
/// - `resource Name { .. }`: a resource. Adds `id`, `implicitRules`, `meta`, `language`, `text`, `contained`,
///   `extension`, `modifierExtension`, [`TypedResource`](crate::types::TypedResource).
/// - `bare Name { .. }`: a resource that cannot have text, contained resources or extensions.
/// - `code Name { Variant = "code", .. }`: the codes of a required binding, with `ALL`, `as_str` and `parse`.
/// - `choice Name { Variant(Type), .. } by name { Variant(Type), .. }`: the types of a `value[x]`; the variant is the
///   suffix of the member's name. `From` is there for the types before `by name`, which are distinct.
/// - `lexical Name = rule`: a primitive that is kept as it was written, with `parse` and `as_str`.
///
/// What has fields also gets `extra`, a setter for each field ([`Fill`](crate::types::Fill)) and
/// [`ToJson`](crate::types::ToJson) and [`FromJson`](crate::types::FromJson). For tests, all but the last kind describe
/// themselves, to be held against the definitions of R4.
macro_rules! fhir {
    ($(#[$meta:meta])* element $name:ident { $($field:ident: $type:ty = $json:literal),* $(,)? }) => {
        $crate::define::fhir! {
            @object $(#[$meta])* $name {
                extension: Vec<$crate::types::Extension> = "extension",
                $($field: $type = $json,)*
            }
        }
    };
    ($(#[$meta:meta])* part $name:ident { $($field:ident: $type:ty = $json:literal),* $(,)? }) => {
        $crate::define::fhir! {
            @object $(#[$meta])* $name {
                extension: Vec<$crate::types::Extension> = "extension",
                modifier_extension: Vec<$crate::types::Extension> = "modifierExtension",
                $($field: $type = $json,)*
            }
        }
    };
    ($(#[$meta:meta])* resource $name:ident { $($field:ident: $type:ty = $json:literal),* $(,)? }) => {
        $crate::define::fhir! {
            $(#[$meta])* bare $name {
                text: Option<$crate::types::Narrative> = "text",
                contained: Vec<$crate::Resource> = "contained",
                extension: Vec<$crate::types::Extension> = "extension",
                modifier_extension: Vec<$crate::types::Extension> = "modifierExtension",
                $($field: $type = $json,)*
            }
        }
    };
    ($(#[$meta:meta])* bare $name:ident { $($field:ident: $type:ty = $json:literal),* $(,)? }) => {
        $crate::define::fhir! {
            @object $(#[$meta])* $name in resource {
                id: Option<String> = "id",
                implicit_rules: Option<String> = "implicitRules",
                meta: Option<$crate::types::Meta> = "meta",
                language: Option<String> = "language",
                $($field: $type = $json,)*
            }
        }

        impl $name {
            /// The name of the type in `resourceType` and in references.
            pub const TYPE: &'static str = stringify!($name);

            /// The resource as a tree.
            #[must_use]
            pub fn into_resource(self) -> $crate::Resource {
                $crate::types::TypedResource::to_resource(&self)
            }

            /// Reads a resource. What the fields cannot hold is kept in `extra` and named in
            /// [`Read::unread`](crate::types::Read::unread).
            ///
            /// # Errors
            /// [`ReadError`](crate::types::ReadError) when the resource is of another type.
            pub fn from_resource(
                resource: &$crate::Resource,
            ) -> Result<$crate::types::Read<Self>, $crate::types::ReadError> {
                $crate::types::TypedResource::read_resource(resource)
            }
        }

        impl $crate::types::TypedResource for $name {
            const TYPE: &'static str = stringify!($name);
        }
    };
    (@object $(#[$meta:meta])* $name:ident $(in $resource:ident)? {
        $($field:ident: $type:ty = $json:literal,)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Default, PartialEq, Eq)]
        pub struct $name {
            $(#[doc = concat!("`", $json, "`")] pub $field: $type,)*
            /// What a resource held and no other field can hold; empty in what was not read.
            pub extra: $crate::types::Extra,
        }

        impl $name {
            $(
                #[doc = concat!("Fills `", $json, "`.")]
                #[must_use]
                pub fn $field<V>(mut self, value: V) -> Self
                where
                    $type: $crate::types::Fill<V>,
                {
                    $crate::types::Fill::fill(&mut self.$field, value);
                    self
                }
            )*
        }

        impl $crate::types::ToJson for $name {
            fn write(&self, to: &mut $crate::types::Writer) -> bool {
                let opened = to.open(&self.extra);
                $(to.$resource(stringify!($name));)?
                $($crate::types::Member::put(&self.$field, $json, to);)*
                to.close(opened, &self.extra)
            }
        }

        impl $crate::types::FromJson for $name {
            const NAME: &'static str = stringify!($name);

            fn read(value: &$crate::Value, reader: &mut $crate::types::Reader) -> Option<Self> {
                let mut members = $crate::types::Members::of(value, reader)?;
                $(members.$resource();)?
                Some(Self {
                    $($field: $crate::types::Field::take_from(&mut members, $json, reader),)*
                    extra: members.rest(reader),
                })
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), " { .. }"))
            }
        }

        #[cfg(test)]
        impl $crate::types::Described for $name {
            fn describe() -> $crate::types::Description {
                $crate::types::Description::Object(stringify!($name), || {
                    vec![$(($json, <$type as $crate::types::Described>::describe()),)*]
                })
            }
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

        impl $crate::types::ToJson for $name {
            fn write(&self, to: &mut $crate::types::Writer) -> bool {
                to.string(self.as_str())
            }
        }

        impl $crate::types::FromJson for $name {
            const NAME: &'static str = stringify!($name);

            fn read(value: &$crate::Value, _: &mut $crate::types::Reader) -> Option<Self> {
                Self::parse(value.as_str()?)
            }
        }

        #[cfg(test)]
        impl $crate::types::Described for $name {
            fn describe() -> $crate::types::Description {
                $crate::types::Description::Leaf
            }
        }
    };
    ($(#[$meta:meta])* choice $name:ident { $($variant:ident($type:ty)),* $(,)? }
        $(by name { $($named:ident($named_type:ty)),* $(,)? })?
    ) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`…", stringify!($variant), "`")] $variant($type),)*
            $($(#[doc = concat!("`…", stringify!($named), "`")] $named($named_type),)*)?
        }

        impl $crate::types::Member for $name {
            fn put(&self, name: &str, to: &mut $crate::types::Writer) {
                match self {
                    $(Self::$variant(value) => to.member(name, stringify!($variant), value),)*
                    $($(Self::$named(value) => to.member(name, stringify!($named), value),)*)?
                }
            }
        }

        impl $crate::types::Slot for $name {
            fn take(
                members: &mut $crate::types::Members<'_>,
                name: &str,
                reader: &mut $crate::types::Reader,
            ) -> Option<Self> {
                members.take_choice(name, reader, |suffix, value, reader| match suffix {
                    $(stringify!($variant) => $crate::types::FromJson::read(value, reader).map(Self::$variant),)*
                    $($(stringify!($named) => $crate::types::FromJson::read(value, reader).map(Self::$named),)*)?
                    _ => None,
                })
            }
        }

        $(
            impl From<$type> for $name {
                fn from(value: $type) -> Self {
                    Self::$variant(value)
                }
            }
        )*

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self {
                    $(Self::$variant(_) => concat!(stringify!($name), "::", stringify!($variant), "(..)"),)*
                    $($(Self::$named(_) => concat!(stringify!($name), "::", stringify!($named), "(..)"),)*)?
                })
            }
        }

        #[cfg(test)]
        impl $crate::types::Described for $name {
            fn describe() -> $crate::types::Description {
                $crate::types::Description::Choice(vec![
                    $((stringify!($variant), <$type as $crate::types::Described>::describe()),)*
                    $($((stringify!($named), <$named_type as $crate::types::Described>::describe()),)*)?
                ])
            }
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
