//! What must hold for everything that a policy transforms, over random inputs of every type of R4 and every field of HL7 v2.
//!
//! Inputs are made twice (`node`): two worlds that tell the same of an illness, and nothing the same of a person.

#[cfg(test)]
mod fhir;
#[cfg(test)]
mod generate;
#[cfg(test)]
mod node;
#[cfg(test)]
mod run;
#[cfg(test)]
mod total;
#[cfg(test)]
mod v2;
