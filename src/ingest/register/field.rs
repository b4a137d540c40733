//! Fields of registers, and the headers by which each is guessed. `docs/registries.md` lists them.

use serde::Deserialize;

/// Declares the fields: variant, name in mapping files, headers in plain form.
macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal [$($header:literal),* $(,)?];)*) => {
        /// A field of a register.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        pub enum Field { $($(#[$doc])* #[serde(rename = $name)] $variant,)* }

        impl Field {
            /// Every field.
            #[cfg(test)]
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in mapping files and in messages.
            pub(super) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Headers that are taken for it, better ones first.
            pub(super) const fn headers(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($header),*],)* }
            }
        }
    };
}

fields! {
    /// The record's key in the register.
    Key = "key" ["编号", "编码", "人员编号", "居民编号", "房屋编号", "房屋编码", "设备编号", "设备编码", "传感器编号",
        "摄像机编号", "摄像头编号", "点位编号", "设施编号", "事件编号", "工单编号", "车辆编号", "id", "key", "code",
        "dwelling_id", "resident_id", "device_id", "camera_id", "facility_id", "event_id"];
    /// Name.
    Name = "name" ["姓名", "名称", "设施名称", "设备名称", "摄像机名称", "监控点名称", "点位名称", "安装位置", "name"];
    /// Identity number.
    IdentityNo = "identity_no" ["公民身份号码", "公民身份证号码", "身份证号", "身份证号码", "身份证", "居民身份证号",
        "证件号码", "证件号", "identity_no", "id_number"];
    /// Date of birth.
    BirthDate = "birth_date" ["出生日期", "出生年月日", "出生年月", "生日", "birth_date", "birthday"];
    /// Telephone number.
    Phone = "phone" ["联系电话", "手机", "手机号", "手机号码", "电话", "电话号码", "联系方式", "移动电话", "移动电话号码", "联系号码",
        "值班电话", "服务电话", "来电号码", "来电电话", "诉求人电话", "反映人电话", "phone", "mobile", "telephone"];
    /// Address; the present one goes before the registered one.
    Address = "address" ["现住址", "現住址", "现居住地址", "现住地址", "现居住地", "现住地", "现居地", "现居地址", "现居住址", "实际居住地址",
        "实际居住地", "实际住址", "常住地址", "常住地", "居住地址", "居住地", "居住住址", "住址", "家庭住址", "家庭地址", "房屋地址",
        "房屋坐落", "坐落", "详细地址", "地址", "安装地址", "位置", "地点", "事发地址", "事发地点", "诉求地址", "诉求地点", "问题地址",
        "停放地址", "停放地点", "停放位置", "驻点地址", "驻地", "办公地址", "address", "小区", "小区名称",
        "户籍地址", "户籍住址", "户籍地", "户籍所在地", "户口地址", "户口所在地"];
    /// Household number.
    Household = "household" ["户号", "户编号", "户口编号", "家庭编号", "household", "household_id"];
    /// What somebody is to the head of the household: tells members that stand below it.
    Relation = "relation" ["与户主关系", "与户主的关系", "与户主之关系", "户主关系", "家庭关系", "relation"];
    /// Whether somebody lives here still, or a thing is in use.
    Standing = "standing" ["人员状态", "人口状态", "居民状态", "居住状态", "在住状态", "居住情况", "人员现状", "户籍状态", "在岗状态",
        "任职状态", "设备状态", "车辆状态", "设施状态", "使用状态", "资产状态", "standing"];
    /// When somebody died, or whether.
    DiedOn = "died_on" ["死亡日期", "死亡时间", "去世日期", "去世时间", "是否死亡", "是否去世", "是否已故", "died_on"];
    /// When somebody moved away, or whether.
    MovedOutOn = "moved_out_on" ["迁出日期", "迁出时间", "搬离日期", "搬离时间", "搬出日期", "离开日期", "是否迁出", "是否搬离", "moved_out_on"];
    /// When a record ended, or whether.
    EndedOn = "ended_on" ["注销日期", "注销时间", "报废日期", "拆除日期", "离职日期", "是否注销", "是否报废", "是否拆除", "ended_on"];
    /// Day on which the record was confirmed last.
    VerifiedOn = "verified_on" ["核实日期", "核查日期", "采集日期", "登记日期", "更新日期", "更新时间", "核实时间", "verified_on"];
    /// Labels that the register gives.
    Labels = "labels" ["标签", "人员标签", "人群标签", "labels"];
    /// Name of the emergency contact.
    ContactName = "contact_name" ["紧急联系人", "紧急联系人姓名", "监护人", "contact_name"];
    /// Telephone of the emergency contact.
    ContactPhone = "contact_phone" ["紧急联系电话", "紧急联系人电话", "监护人电话", "contact_phone"];
    /// What the emergency contact is to the resident.
    ContactRelation = "contact_relation" ["紧急联系人关系", "与联系人关系", "contact_relation"];
    /// Trait: sex.
    Sex = "sex" ["性别", "sex", "gender"];
    /// Trait: marital status.
    Marital = "marital" ["婚姻状况", "婚姻", "marital"];
    /// Trait: degree of disability.
    Disability = "disability" ["残疾等级", "残疾类别", "残疾级别", "残疾", "是否残疾", "disability"];
    /// Trait: low income.
    Income = "income" ["低保", "低保情况", "是否低保", "低保户", "是否低保户", "困难类型", "救助类型", "income"];
    /// Trait: who supports the person.
    Support = "support" ["赡养情况", "赡养人", "support"];
    /// Trait: what befell the family.
    Family = "family" ["家庭情况", "特殊家庭", "family"];
    /// Longitude.
    Lon = "lon" ["经度", "lon", "lng", "longitude"];
    /// Latitude.
    Lat = "lat" ["纬度", "lat", "latitude"];
    /// Coordinate to the east, metres.
    East = "east" ["东坐标", "横坐标", "x坐标", "east", "easting", "x"];
    /// Coordinate to the north, metres.
    North = "north" ["北坐标", "纵坐标", "y坐标", "north", "northing", "y"];
    /// Height above the datum, metres.
    Height = "height" ["高程", "海拔", "z坐标", "elevation", "z"];
    /// Height above the ground, metres.
    Above = "above" ["安装高度", "离地高度", "高度", "架设高度", "杆高", "height_m", "above"];
    /// The building: its number, name or address.
    Building = "building" ["楼栋", "楼幢", "楼栋号", "楼幢号", "幢号", "楼号", "栋号", "幢", "栋", "建筑名称", "建筑编号", "building"];
    /// The plate of a house (门牌): its number where no other column tells one, otherwise a door.
    Number = "number" ["门牌号", "门牌号码", "门牌", "house_number"];
    /// Unit or stair.
    Unit = "unit" ["单元", "单元号", "unit"];
    /// Room or door.
    Door = "door" ["房号", "室号", "房间号", "房间号码", "房间", "户室", "户室号", "室", "door", "room"];
    /// Floor.
    Floor = "floor" ["楼层", "所在层", "层", "floor"];
    /// Use.
    Usage = "usage" ["用途", "房屋用途", "使用性质", "usage", "use"];
    /// Floor area.
    AreaM2 = "area_m2" ["建筑面积", "面积", "房屋面积", "area_m2", "area"];
    /// Kind of the thing.
    Kind = "kind" ["设备类型", "传感器类型", "设施类型", "摄像机类型", "车辆类型", "人员类型", "队伍类型", "事件类型",
        "诉求类别", "诉求类型", "工单类型", "问题类型", "问题类别", "类型", "类别", "种类", "kind", "type", "device_kind", "facility_kind"];
    /// Reporting interval, seconds.
    Interval = "interval_s" ["上报间隔", "上报周期", "采集间隔", "interval_s"];
    /// Direction of view.
    Heading = "heading_deg" ["朝向", "方位角", "水平角度", "监视方位", "heading_deg", "heading"];
    /// Tilt of the view, negative downwards.
    Pitch = "pitch_deg" ["俯仰角", "俯角", "垂直角度", "pitch_deg", "pitch"];
    /// Horizontal angle of view.
    Fov = "fov_deg" ["视场角", "水平视场角", "视角", "fov_deg", "fov"];
    /// How far a person can be recognised, metres.
    Range = "range_m" ["可视距离", "监视距离", "有效距离", "range_m", "range"];
    /// Who runs it.
    Owner = "owner" ["权属单位", "产权单位", "所属单位", "管理单位", "建设单位", "归属", "owner"];
    /// Id of GB/T 28181.
    GbId = "gb28181_id" ["国标编码", "国标编号", "国标id", "gb编码", "gb28181编码", "gb28181_id"];
    /// Address of the stream.
    Stream = "stream" ["视频流地址", "流地址", "rtsp", "rtsp地址", "stream"];
    /// Post, team, or what an event is about.
    Title = "title" ["岗位", "职务", "队伍名称", "事件标题", "事件名称", "诉求标题", "工单标题", "诉求主题", "标题", "title"];
    /// What somebody is for and when.
    Duty = "duty" ["职责", "值班", "值班安排", "duty"];
    /// Area of duty.
    Area = "area" ["责任网格", "所属网格", "网格", "责任区", "所属社区", "area", "grid"];
    /// Number plate.
    Plate = "plate" ["车牌号", "车牌号码", "号牌号码", "车牌", "plate"];
    /// Service group.
    Group = "group" ["服务类别", "事件大类", "大类", "服务组", "group"];
    /// How far an event has come.
    Status = "status" ["状态", "办理状态", "处理状态", "工单状态", "status"];
    /// When it was reported.
    ReportedAt = "reported_at" ["上报时间", "受理时间", "登记时间", "发生时间", "来电时间", "诉求时间", "预约时间", "reported_at"];
    /// By when it should be done.
    DueAt = "due_at" ["办理时限", "办结时限", "截止时间", "要求完成时间", "due_at"];
    /// Who reported it.
    Reporter = "reporter" ["上报人", "报事人", "申请人", "诉求人", "来电人", "反映人", "投诉人", "联系人", "reporter"];
    /// The report in full.
    Text = "text" ["事件描述", "诉求内容", "诉求描述", "工单内容", "问题描述", "描述", "内容", "详情", "text", "description"];
}

impl Field {
    /// The traits of residents among the fields, under their names.
    pub(super) const TRAITS: &'static [Self] = &[
        Self::Sex,
        Self::Marital,
        Self::Disability,
        Self::Income,
        Self::Support,
        Self::Family,
    ];
}
