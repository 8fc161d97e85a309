//! The types of messages.

/// Whether the standard has this type of message (table 0076).
pub(crate) fn is_message_type(code: &str) -> bool {
    MESSAGE_TYPES.binary_search(&code).is_ok()
}

/// Whether this has the form of an event (table 0003): a letter and two digits.
pub(crate) fn is_event(code: &str) -> bool {
    matches!(code.as_bytes(), [letter, tens, ones]
        if letter.is_ascii_uppercase() && tens.is_ascii_digit() && ones.is_ascii_digit())
}

/// Sorted.
const MESSAGE_TYPES: &[&str] = &[
    "ACK", "ADR", "ADT", "BAR", "BPS", "BRP", "BRT", "BTS", "CCF", "CCI", "CCM", "CCQ", "CCR", "CCU", "CQU",
    "CRM", "CSU", "DBC", "DBU", "DEL", "DEO", "DER", "DFT", "DOC", "DPR", "DRC", "DRG", "DSR", "EAC", "EAN",
    "EAR", "EDR", "EHC", "EQQ", "ERP", "ESR", "ESU", "INR", "INU", "IPC", "ITM", "LSR", "LSU", "MCF", "MDM",
    "MFD", "MFK", "MFN", "MFQ", "MFR", "NMD", "NMQ", "NMR", "OMB", "OMD", "OMG", "OMI", "OML", "OMN", "OMP",
    "OMQ", "OMS", "OPL", "OPR", "OPU", "ORA", "ORB", "ORD", "ORF", "ORG", "ORI", "ORL", "ORM", "ORN", "ORP",
    "ORR", "ORS", "ORU", "ORX", "OSF", "OSM", "OSQ", "OSR", "OSU", "OUL", "PEX", "PGL", "PIN", "PMU", "PPG",
    "PPP", "PPR", "PPT", "PPV", "PRR", "PTR", "QBP", "QCK", "QCN", "QRF", "QRY", "QSB", "QSX", "QVR", "RAR",
    "RAS", "RCI", "RCL", "RDE", "RDR", "RDS", "RDY", "REF", "RER", "RGR", "RGV", "ROR", "RPA", "RPI", "RPL",
    "RPR", "RQA", "RQC", "RQI", "RQP", "RQQ", "RRA", "RRD", "RRE", "RRG", "RRI", "RSP", "RTB", "SCN", "SDN",
    "SDR", "SIU", "SLN", "SLR", "SMD", "SPQ", "SQM", "SQR", "SRM", "SRR", "SSR", "SSU", "STC", "STI", "SUR",
    "TBR", "TCR", "TCU", "UDM", "VQQ", "VTQ", "VXQ", "VXR", "VXU", "VXX",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_code() {
        assert!(MESSAGE_TYPES.is_sorted());
        assert!(is_message_type("ADT") && is_message_type("VXX") && is_message_type("ACK"));
        assert!(!is_message_type("LEE") && !is_message_type("adt") && !is_message_type(""));
        assert!(is_event("A40") && is_event("Q01"));
        assert!(!is_event("LEE") && !is_event("A4") && !is_event("123") && !is_event("A401"));
    }
}
