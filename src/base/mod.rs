//! Words everybody needs: typed ids, points in time, warnings, half-width text, faults of
//! files in plain words, and sealed (personal) values.
//! Used by every floor. Never reads a clock, a file or a random number.

mod clearance;
mod counted;
mod digit_groups;
mod file_words;
mod id;
mod median;
mod personal;
mod sealed;
mod sealed_list;
mod shape_words;
mod table_text;
mod telephone;
mod telling;
mod time;
mod unseen;
mod warnings;
mod width;

#[cfg(test)]
pub(crate) use clearance::clearance_for_tests;
pub use clearance::{Clearance, Purpose};
pub use counted::counted;
pub use digit_groups::{Grouped, check_letter, digit_runs, grouped_numbers, mobile_numbers};
pub use file_words::{FileFault, why_unread, why_unwritten};
pub use id::{
    AlarmId, AreaId, BuildingId, CameraId, DeviceId, DwellingId, EventId, FacilityId, GroundAreaId,
    HouseholdId, IdError, ImportId, IncidentId, MaterialId, ObjectId, PlaceId, PlantId, ResidentId,
    ResponderId, RoadId, TerrainId, TextureId, VehicleId, WaterId, id_bits, plain_id,
};
pub use median::median;
pub use personal::{
    Closed, Everybody, IdText, Nobody, PersonalField, Rights, SMALL_COUNT, Shown, Subject,
};
pub use sealed::{KeyedHash, Mask, SealError, Sealed, Sealer, SharedSealer};
pub use sealed_list::SealedList;
pub use shape_words::in_plain_words;
pub use table_text::{
    Spanned, TableEntry, TableFault, called, check_name, checked, known_names, read_table,
};
pub use telephone::{
    SERVICE_DIGITS, TELEPHONE_DIGITS, holds_telephone, known_telephones, telephones_of,
};
pub use telling::{holds_mobile_number, holds_personal_number, holds_plate, holds_room, is_mobile};
pub use time::{Millis, TimeError, Timestamp};
pub use unseen::is_unseen;
pub use warnings::{Warning, Warnings};
pub use width::half_width;
