//! Names under which files commonly hold names, addresses, uses, structures and ids, the likelier
//! first. Used by `facts` and by mappings; the names of figures stand in `facts` with their units.

pub(super) const NAME_KEYS: &[&str] = &[
    "name:zh",
    "name_zh",
    "name",
    "Name",
    "NAME",
    "gml:name",
    "名称",
    "建筑名称",
    "楼名",
    "道路名称",
    "MC",
    "JZMC",
    "name:en",
    "name_en",
];
pub(super) const NAME_EN_KEYS: &[&str] = &["name:en", "name_en", "NAME_EN", "英文名", "英文名称"];
pub(super) const ADDRESS_KEYS: &[&str] = &[
    "addr:full",
    "address",
    "地址",
    "ADDRESS",
    "Address",
    "门牌地址",
    "详细地址",
    "DZ",
];
pub(super) const USAGE_KEYS: &[&str] = &[
    "usage",
    "building:use",
    "building",
    "function",
    "class",
    "amenity",
    "用途",
    "使用性质",
    "建筑用途",
    "房屋用途",
    "YT",
    "USAGE",
    "landuse_type",
];
pub(super) const STRUCTURE_KEYS: &[&str] = &[
    "structure",
    "building:structure",
    "结构",
    "结构类型",
    "建筑结构",
    "房屋结构",
    "JG",
    "JGLX",
    "STRUCTURE",
    "Structure",
];
pub(super) const PROTECTION_KEYS: &[&str] = &["protection", "保护级别", "保护类别", "保护等级"];
pub(super) const ROOF_KEYS: &[&str] = &["roof:shape", "roof_shape", "屋顶形式", "屋顶类型", "屋顶"];
pub(super) const KIND_KEYS: &[&str] = &["kind", "类型", "类别"];
/// Attributes that usually hold a stable id.
pub(super) const ID_KEYS: &[&str] = &[
    "id",
    "@id",
    "osm_id",
    "fid",
    "gml_id",
    "OBJECTID",
    "编号",
    "建筑编号",
    "BSM",
    "guid",
];
