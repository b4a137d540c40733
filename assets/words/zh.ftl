# 屏幕上的每一个词。与 en.ftl 的键完全相同(有测试)。用词以苏州的调度员会怎么说为准。

product = 平江
product-second = Pingjiang

alarms-open = 未处置预警
alarms-unacknowledged = { $n } 条未确认
alarms-all-acknowledged = 全部已确认
alarms-none = 无未处置预警
alarms-more = 另有 { $n } 条
alarms-more-unacknowledged = 另有 { $n } 条，其中 { $unacknowledged } 条未确认
alarm-unacknowledged = 未确认
alarm-acknowledged-by = 已确认 · { $by }
alarm-returned = 已恢复
alarm-exercise = 演练
alarm-shelved = 搁置至 { $time } · { $by }
alarm-out-of-service = 停用 · { $by }
alarm-latched = 待复位
alarm-acknowledge = 确认
alarm-nowhere = 位置未登记
near-place = { $place }附近

count-buildings = 建筑
count-households = 户数
count-residents = 人口
count-devices = 设备
count-cameras = 摄像机
count-reporting = 在线率

health = 设备健康
health-none = 未登记设备
health-more = 另有 { $n } 类设备
health-total = 总数
health-silent = 静默
health-faulty = 异常
health-alarm = 预警

legend = 图例
legend-device = 设备正常
legend-silent = 静默或未知
legend-camera = 摄像机
legend-returned = 已恢复
legend-unacknowledged = 未确认
legend-heritage = 保护建筑
legend-versions = 建筑，版本 { $from } → { $to }
legend-added = 新增 { $n }
legend-removed = 删除 { $n }
legend-changed = 变更 { $n }
legend-same = 未变 { $n }
legend-proposed = 拟建建筑

data-time = 数据时间 { $time }
data-age = 数据 { $age }
data-none = 尚无数据
age = { $span }前
span-days = { $n } 天
span-hours = { $h } 小时 { $m } 分
span-minutes = { $n } 分钟
span-seconds = { $n } 秒

feed = 数据源 { $name }
feed-none = 无数据源
feed-dropped = 丢弃 { $n } 条
feed-cut-off = 自 { $time } 起中断
link-lost = 与引擎失去联系 · 数据停在 { $time }（{ $age }）
link-lost-no-data = 与引擎失去联系（自 { $time }）· 尚无数据
uncommitted = 归档写入失败 · 最新数据尚未存盘，正在重试

stamp-simulated = 模拟数据 SIMULATED
stamp-exercise = 演练 EXERCISE
stamp-synthetic = 合成内容 SYNTHETIC
stamp-simulated-short = 模拟数据
stamp-exercise-short = 演练
stamp-synthetic-short = 合成内容
stamp-exaggerated = 变形放大 { $factor } 倍
source-synthetic = © { $city } · 合成数据，非真实居民与设备
sources = 数据来源 { $names }
nothing-to-draw = 无可绘制内容：该城市尚无底图数据

north = 北
theme-ink = 墨
theme-night = 夜
other-lang = EN
close = 关闭

card-address = 地址
card-use = 用途
card-structure = 结构
card-storeys = 层数
card-height = 高度
card-height-value = { $height } m（{ $origin }）
card-roof = 屋顶
card-roof-given = 源数据实体，LoD { $lod }
card-roof-shaped = 生成，形状来自源数据
card-roof-derived = 按平面与年代生成
card-year = 建成
card-protection = 保护
card-status = 状态
card-proposed = 拟建，尚未建成
card-dwellings = 房屋（套）
card-households = 户数
card-residents = 人口
card-few = 少于 5
card-place = 位置
card-value = 当前值
card-no-value = 从未上报
card-health = 设备健康
card-health-since = { $health } · 自 { $time }
card-alarm = 预警
card-interval = 上报间隔
card-source = 来源
card-owner = 管理单位
card-camera-id = 国标编号
card-heading = 朝向
card-range = 识别距离
card-more-devices = 另有 { $n } 台设备
card-masked = 个人信息已脱敏
card-screening = 监测值仅供筛查，不作房屋鉴定结论
card-building = 建筑
yes-no-yes = 是
yes-no-no = 否

records-road = 道路
records-water = 水体
records-ground_area = 场地
records-object = 其他构件
records-plant = 树木
records-place = 地名
records-terrain = 地形

kind-area = 区划
kind-building = 建筑
kind-road = 道路
kind-water = 水体
kind-ground_area = 场地
kind-plant = 树木
kind-place = 地名
kind-object = 其他构件
kind-terrain = 地形
kind-material = 材质
kind-texture = 贴图
kind-dwelling = 房屋
kind-household = 户
kind-resident = 居民
kind-vehicle = 车辆
kind-device = 设备
kind-camera = 摄像机
kind-facility = 设施
kind-responder = 处置力量
kind-event = 事件

action-import = 导入
action-generate = 生成
action-undo = 撤销

vertical_datum-1985_national_height_datum = 1985 国家高程基准
vertical_datum-not_stated = 未注明

grade-red = 红
grade-orange = 橙
grade-yellow = 黄
grade-blue = 蓝

health-value-unseen = 从未上报
health-value-fine = 正常
health-value-silent = 静默
health-value-stuck = 数值卡滞
health-value-out_of_range = 超出量程
health-value-jump = 数值跳变

usage-unknown = 不详
usage-residential = 居住
usage-commercial = 商业
usage-public = 公共服务
usage-heritage = 文物古迹
usage-service = 附属用房

structure-unknown = 不详
structure-timber_brick = 砖木
structure-masonry = 砖混
structure-concrete = 钢筋混凝土
structure-steel = 钢结构

height_origin-measured = 实测
height_origin-storeys = 按层数推算
height_origin-default = 默认值

protection-none = 无
protection-controlled = 控保建筑
protection-listed = 文物保护单位

owner-police = 公安
owner-city_management = 城管
owner-community = 社区

compass-0 = 北
compass-1 = 东北
compass-2 = 东
compass-3 = 东南
compass-4 = 南
compass-5 = 西南
compass-6 = 西
compass-7 = 西北

weekday-0 = 周日
weekday-1 = 周一
weekday-2 = 周二
weekday-3 = 周三
weekday-4 = 周四
weekday-5 = 周五
weekday-6 = 周六

helper-grid_worker = 网格员
helper-social_worker = 社区工作者
helper-police_post = 警务站
helper-fire_post = 消防站
helper-team = 处置队
helper-service_station = 服务站
helper-health_house = 卫生服务点
helper-canteen = 助餐点
helper-hydrant = 消火栓
helper-aed = AED
helper-shelter = 避难场所
helper-toilet = 公厕
helper-dispatch_centre = 指挥中心
helper-fire_cabinet = 微型消防站
helper-clinic = 医院诊所
helper-school = 学校
helper-other = 其他

road_kind-street = 街道
road_kind-lane = 巷弄
road_kind-quay = 河沿
road_kind-bridge = 桥
road_kind-path = 小径
road_kind-steps = 台阶
road_kind-rail = 铁轨

event_status-open = 待受理
event_status-handling = 处理中
event_status-waiting = 待会办
event_status-closed = 已办结

layer = M 图层
layer-making = M 图层 …
rules-refused = 预警规则的修改未生效，仍按原规则：{ $reason }
log-damaged = { $time } 发现日志损坏：{ $to } 之前的内容完好，此后可能有缺失
log-has-holes = { $time } 发现日志损坏：{ $from } 至 { $to } 缺失 { $n } 批
log-lost = { $time } 发现日志损坏且无法读取，已重新开始记录
layer-refused = 图层无法显示：{ $reason }
layer-quality = 居民{ $measure }占比（按{ $by }）
layer-coverage = 摄像机可视范围
layer-untold = 人数过少，不予显示
layer-kept-back = 不予显示
layer-areas = { $n } 个
layer-seen = { $n } 台可视
layer-seen-one = 1 台可视
layer-seen-more = { $n } 台及以上可视
layer-turning = 转动后可视
layer-blind-road = 道路盲区
layer-blind-open = 空地盲区
layer-over-all = 合计 { $share }，登记居民 { $n } 人
layer-unplaced = 其中 { $n } 人未定位到区域
layer-seen-shares = 可视：道路 { $roads }，空地 { $open }，立面 { $facades }
layer-cameras = 登记摄像机 { $n } 台；格网 { $m } m；未计树木与光照
layer-as-of = 截至 { $date }
layer-measure-linked = 已关联住处
layer-measure-confirmed = 三年内已核实
layer-measure-sound = 记录无误
layer-measure-stale = 逾期未核实
layer-measure-contradictory = 记录自相矛盾
layer-measure-duplicate = 重复登记
layer-measure-conflicting = 多源冲突
layer-level-district = 区
layer-level-street = 街道
layer-level-community = 社区
layer-level-grid = 网格

signed-in = { $role } · { $areas } · { $purpose }
signed-in-everywhere = 全域
signed-in-masked = 脱敏
signed-in-key-away = 缺少密钥

closed-role = 已脱敏：须由有此权限的角色查看
closed-no_purpose = 已脱敏：须注明用途方可查看
closed-nowhere = 已脱敏：不属于任何辖区，也就不在本人辖区内
closed-elsewhere = 已脱敏：不在本人辖区内
closed-key = 已脱敏：缺少城市密钥

card-opened = 按您的角色显示；已记录
card-asked = 正在打开 …
card-refused = 已脱敏：{ $reason }
card-call = 紧急联系
card-more-people = 另有 { $n } 人
card-need-help = 需帮助
card-labels = 标签
card-floor = { $n } 层
card-age = { $n } 岁
card-stream = 视频流
