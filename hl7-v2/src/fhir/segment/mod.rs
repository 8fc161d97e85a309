//! One file for each segment (or for those that describe one thing together): its rows, and what rows cannot say.

pub(crate) mod ais;
pub(crate) mod al1;
pub(crate) mod dg1;
pub(crate) mod in1;
pub(crate) mod msh;
pub(crate) mod nk1;
pub(crate) mod nte;
pub(crate) mod obr;
pub(crate) mod obx;
pub(crate) mod obx_immunization;
pub(crate) mod orc;
pub(crate) mod pid;
pub(crate) mod pr1;
pub(crate) mod pv1;
pub(crate) mod rxa;
pub(crate) mod sch;
pub(crate) mod spm;
pub(crate) mod txa;
