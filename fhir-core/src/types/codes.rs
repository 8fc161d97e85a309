//! Codes with required bindings that datatypes use.

use crate::define::fhir;

fhir! {
    /// The gender of a person for administration.
    code AdministrativeGender { Male = "male", Female = "female", Other = "other", Unknown = "unknown" }
}

fhir! {
    /// What an identifier is for.
    code IdentifierUse { Usual = "usual", Official = "official", Temp = "temp", Secondary = "secondary", Old = "old" }
}

fhir! {
    /// What a name is for.
    code NameUse {
        Usual = "usual", Official = "official", Temp = "temp", Nickname = "nickname", Anonymous = "anonymous",
        Old = "old", Maiden = "maiden",
    }
}

fhir! {
    /// What an address is for.
    code AddressUse { Home = "home", Work = "work", Temp = "temp", Old = "old", Billing = "billing" }
}

fhir! {
    /// Whether an address can be visited or written to.
    code AddressType { Postal = "postal", Physical = "physical", Both = "both" }
}

fhir! {
    /// The means by which a contact point is reached.
    code ContactPointSystem {
        Phone = "phone", Fax = "fax", Email = "email", Pager = "pager", Url = "url", Sms = "sms", Other = "other",
    }
}

fhir! {
    /// What a contact point is for.
    code ContactPointUse { Home = "home", Work = "work", Temp = "temp", Old = "old", Mobile = "mobile" }
}

fhir! {
    /// How the stated number stands to the true one.
    code QuantityComparator {
        LessThan = "<", LessOrEqual = "<=", GreaterOrEqual = ">=", GreaterThan = ">",
    }
}

fhir! {
    /// Where the text of a resource comes from.
    code NarrativeStatus { Generated = "generated", Extensions = "extensions", Additional = "additional", Empty = "empty" }
}

fhir! {
    /// A unit of time in UCUM.
    code UnitsOfTime {
        Second = "s", Minute = "min", Hour = "h", Day = "d", Week = "wk", Month = "mo", Year = "a",
    }
}

fhir! {
    /// A day of the week.
    code DayOfWeek {
        Monday = "mon", Tuesday = "tue", Wednesday = "wed", Thursday = "thu", Friday = "fri", Saturday = "sat",
        Sunday = "sun",
    }
}

fhir! {
    /// An event of the day that something is timed by.
    code EventTiming {
        Morning = "MORN", EarlyMorning = "MORN.early", LateMorning = "MORN.late", Noon = "NOON", Afternoon = "AFT",
        EarlyAfternoon = "AFT.early", LateAfternoon = "AFT.late", Evening = "EVE", EarlyEvening = "EVE.early",
        LateEvening = "EVE.late", Night = "NIGHT", AfterSleep = "PHS", HourOfSleep = "HS", Wake = "WAKE", Meal = "C",
        Breakfast = "CM", Lunch = "CD", Dinner = "CV", BeforeMeal = "AC", BeforeBreakfast = "ACM",
        BeforeLunch = "ACD", BeforeDinner = "ACV", AfterMeal = "PC", AfterBreakfast = "PCM", AfterLunch = "PCD",
        AfterDinner = "PCV",
    }
}

fhir! {
    /// `Contributor.type`
    code ContributorType { Author = "author", Editor = "editor", Reviewer = "reviewer", Endorser = "endorser" }
}

fhir! {
    /// `ParameterDefinition.use`
    code OperationParameterUse { In = "in", Out = "out" }
}

fhir! {
    /// `RelatedArtifact.type`
    code RelatedArtifactType {
        Documentation = "documentation", Justification = "justification", Citation = "citation",
        Predecessor = "predecessor", Successor = "successor", DerivedFrom = "derived-from", DependsOn = "depends-on",
        ComposedOf = "composed-of",
    }
}

fhir! {
    /// `DataRequirement.sort.direction`
    code SortDirection { Ascending = "ascending", Descending = "descending" }
}

fhir! {
    /// `TriggerDefinition.type`
    code TriggerType {
        NamedEvent = "named-event", Periodic = "periodic", DataChanged = "data-changed", DataAdded = "data-added",
        DataModified = "data-modified", DataRemoved = "data-removed", DataAccessed = "data-accessed",
        DataAccessEnded = "data-access-ended",
    }
}
