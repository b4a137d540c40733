# Every word on screen. The keys are exactly those of zh.ftl (a test holds them together).

product = Pingjiang
product-second = 平江

alarms-open = open alarms
alarms-unacknowledged = { $n } unacknowledged
alarms-all-acknowledged = all acknowledged
alarms-none = No open alarms
alarms-more = and { $n } more
alarms-more-unacknowledged = and { $n } more, { $unacknowledged } unacknowledged
alarm-unacknowledged = Unacked
alarm-acknowledged-by = Acknowledged · { $by }
alarm-returned = Returned
alarm-exercise = Exercise
alarm-shelved = Shelved until { $time } · { $by }
alarm-out-of-service = Out of service · { $by }
alarm-latched = To be reset
alarm-acknowledge = Ack
alarm-nowhere = Location not registered
near-place = near { $place }

count-buildings = Buildings
count-households = Households
count-residents = Residents
count-devices = Devices
count-cameras = Cameras
count-reporting = Online

health = Device health
health-none = No devices registered
health-more = and { $n } more kinds
health-total = All
health-silent = Silent
health-faulty = Fault
health-alarm = Alarm

legend = Legend
legend-device = Device, fine
legend-silent = Silent or unknown
legend-camera = Camera
legend-returned = Returned
legend-unacknowledged = Unacknowledged
legend-heritage = Protected
legend-versions = Buildings, version { $from } → { $to }
legend-added = Added { $n }
legend-removed = Removed { $n }
legend-changed = Changed { $n }
legend-same = Same { $n }
legend-proposed = Proposed

data-time = Data { $time }
data-age = Data { $age }
data-none = No data yet
age = { $span } ago
span-days = { $n } d
span-hours = { $h } h { $m } min
span-minutes = { $n } min
span-seconds = { $n } s

feed = Feed { $name }
feed-none = No feed
feed-dropped = { $n } dropped
feed-cut-off = cut off since { $time }
link-lost = Engine not reachable · data stopped at { $time } ({ $age })
link-lost-no-data = Engine not reachable since { $time } · no data yet
uncommitted = Archive write failed · latest data not yet stored, retrying

stamp-simulated = SIMULATED DATA 模拟数据
stamp-exercise = EXERCISE 演练
stamp-synthetic = SYNTHETIC CONTENT 合成内容
stamp-simulated-short = SIMULATED
stamp-exercise-short = EXERCISE
stamp-synthetic-short = SYNTHETIC
stamp-exaggerated = Deformation × { $factor }
source-synthetic = © { $city } · synthetic data, no real residents or devices
sources = Data: { $names }
nothing-to-draw = Nothing to draw: this city holds no base map yet

north = N
theme-ink = Ink
theme-night = Night
other-lang = 中文
close = Close

card-address = Address
card-use = Use
card-structure = Structure
card-storeys = Storeys
card-height = Height
card-height-value = { $height } m ({ $origin })
card-roof = Roof
card-roof-given = surfaces of the source, LoD { $lod }
card-roof-shaped = generated, shape from the source
card-roof-derived = generated from footprint and era
card-year = Built
card-protection = Protection
card-status = Status
card-proposed = proposed, not built
card-dwellings = Dwellings
card-households = Households
card-residents = Residents
card-few = fewer than 5
card-place = Place
card-value = Value
card-no-value = never heard of
card-health = Health
card-health-since = { $health } since { $time }
card-alarm = Alarm
card-interval = Interval
card-source = Source
card-owner = Owner
card-camera-id = GB/T 28181
card-heading = Looks
card-range = Recognises to
card-more-devices = and { $n } more devices
card-masked = Personal details are masked
card-screening = A screening hint, not an appraisal
card-building = Building
yes-no-yes = yes
yes-no-no = no

records-road = Roads
records-water = Water
records-ground_area = Open ground
records-object = Objects
records-plant = Trees
records-place = Places
records-terrain = Terrain

kind-area = area
kind-building = building
kind-road = road
kind-water = water
kind-ground_area = ground area
kind-plant = plant
kind-place = place
kind-object = object
kind-terrain = terrain
kind-material = material
kind-texture = texture
kind-dwelling = dwelling
kind-household = household
kind-resident = resident
kind-vehicle = vehicle
kind-device = device
kind-camera = camera
kind-facility = facility
kind-responder = responder
kind-event = event

action-import = import
action-generate = generate
action-undo = undo

vertical_datum-1985_national_height_datum = 1985 national height datum
vertical_datum-not_stated = not stated

grade-red = Red
grade-orange = Orange
grade-yellow = Yellow
grade-blue = Blue

health-value-unseen = Never heard of
health-value-fine = Fine
health-value-silent = Silent
health-value-stuck = Stuck value
health-value-out_of_range = Out of range
health-value-jump = Impossible step

usage-unknown = Unknown
usage-residential = Residential
usage-commercial = Commercial
usage-public = Public service
usage-heritage = Heritage
usage-service = Outbuilding

structure-unknown = Unknown
structure-timber_brick = Timber and brick
structure-masonry = Brick masonry
structure-concrete = Reinforced concrete
structure-steel = Steel

height_origin-measured = measured
height_origin-storeys = from storeys
height_origin-default = default

protection-none = None
protection-controlled = Controlled building
protection-listed = Listed monument

owner-police = Police
owner-city_management = City management
owner-community = Community

compass-0 = north
compass-1 = north-east
compass-2 = east
compass-3 = south-east
compass-4 = south
compass-5 = south-west
compass-6 = west
compass-7 = north-west

weekday-0 = Sun
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat

helper-grid_worker = Grid worker
helper-social_worker = Social worker
helper-police_post = Police post
helper-fire_post = Fire post
helper-team = Team
helper-service_station = Service station
helper-health_house = Health house
helper-canteen = Canteen for the elderly
helper-hydrant = Hydrant
helper-aed = Defibrillator
helper-shelter = Emergency shelter
helper-toilet = Public toilet
helper-dispatch_centre = Dispatch centre
helper-fire_cabinet = Community fire station
helper-clinic = Clinic
helper-school = School
helper-other = Other

road_kind-street = street
road_kind-lane = lane
road_kind-quay = quay
road_kind-bridge = bridge
road_kind-path = path
road_kind-steps = steps
road_kind-rail = rails

event_status-open = Open
event_status-handling = In hand
event_status-waiting = Waiting
event_status-closed = Closed

layer = M Layer
layer-making = M Layer …
rules-refused = The changed alarm rules are not taken, those before hold: { $reason }
log-damaged = The log was damaged, found { $time }. It is known up to { $to }; what was kept after that may be lost
log-has-holes = The log was damaged, found { $time }. { $n } batches are lost, from { $from } to { $to }
log-lost = The log was damaged, found { $time }. Nothing of it could be read; it begins anew
layer-refused = The layer cannot be shown: { $reason }
layer-quality = Residents { $measure }, by { $by }
layer-coverage = What cameras see
layer-untold = too few people to tell
layer-kept-back = not told
layer-areas = { $n } areas
layer-seen = { $n } cameras
layer-seen-one = 1 camera
layer-seen-more = { $n } cameras or more
layer-turning = after turning
layer-blind-road = blind road
layer-blind-open = blind open ground
layer-over-all = All: { $share } of { $n } residents on record
layer-unplaced = Of these { $n } belong to no area on the map
layer-seen-shares = Seen: roads { $roads }, open ground { $open }, façades { $facades }
layer-cameras = { $n } cameras on record; cells of { $m } m; without trees and light
layer-as-of = As of { $date }
layer-measure-linked = linked to a home
layer-measure-confirmed = confirmed within three years
layer-measure-sound = without fault
layer-measure-stale = not confirmed for long
layer-measure-contradictory = that contradict themselves
layer-measure-duplicate = registered twice
layer-measure-conflicting = told otherwise elsewhere
layer-level-district = district
layer-level-street = street
layer-level-community = community
layer-level-grid = grid

signed-in = { $role } · { $areas } · { $purpose }
signed-in-everywhere = everywhere
signed-in-masked = masked
signed-in-key-away = key away

closed-role = Masked: it takes a role with the right to it
closed-no_purpose = Masked: your role opens it for a purpose only
closed-nowhere = Masked: it lies in no area, so in none of yours
closed-elsewhere = Masked: it lies outside your areas
closed-key = Masked: the city's key is away

card-opened = Opened for your role; on record
card-asked = Opening …
card-refused = Masked: { $reason }
card-call = To call
card-more-people = and { $n } more
card-need-help = Need help
card-labels = Labels
card-floor = Floor { $n }
card-age = { $n } y
card-stream = Stream
