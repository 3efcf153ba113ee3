#include "scenarios/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "models/audit/token_version.h"
#include "scenarios/result_tables.h"

namespace parallax::scenarios {

using domain::ObjectKind;
using domain::ObjectRef;
using domain::RecordKind;
using domain::Version;

namespace {

constexpr std::uint32_t kCatalogProcess = 0;

// Sessions by what they are.
enum class Party : std::uint64_t { kToken, kApplication, kPublisher };

std::uint64_t session_number(Party party, std::uint32_t number) {
  return static_cast<std::uint64_t>(party) << 32 | number;
}

domain::Standing standing_at_start(const domain::Catalog& catalog, ObjectRef object) {
  switch (object.kind()) {
    case ObjectKind::kToken:
      return object.id() < catalog.tokens.size() ? domain::Standing::kActive : domain::Standing::kAbsent;
    case ObjectKind::kApi:
      return catalog.apis[object.id()].initially;
    case ObjectKind::kSubscription:
      return catalog.subscriptions[object.id()].initially;
    case ObjectKind::kPolicy:
      break;
  }
  return domain::Standing::kAbsent;
}

std::string register_value(Version version) {
  return version == Version{} ? std::string{"nil"} : fmt::to_string(version.packed);
}

}  // namespace

void History::read(std::span<const sim::Record> journal) {
  for (const sim::Record& record : journal) read(record);
}

void History::read(const sim::Record& record) {
  switch (domain::kind_of(record.body)) {
    case RecordKind::kRequestDecided:
      return decided(domain::RequestDecided::unpack(record.body), record.time);
    case RecordKind::kChangeInvoked:
      return invoked(domain::ChangeInvoked::unpack(record.body), record);
    case RecordKind::kEntryPut:
      return committed(domain::EntryPut::unpack(record.body), record.cause);
    case RecordKind::kEntryDropped: {
      const auto entry = domain::EntryDropped::unpack(record.body);
      if (entry.object.kind() == ObjectKind::kToken) holdings_.drop({entry.layer, entry.object, entry.variant});
      return;
    }
    case RecordKind::kChangeAbandoned: {
      const auto change = domain::ChangeAbandoned::unpack(record.body);
      const bool is_unknown = change.why == domain::Abandoned::kUnknown;
      return end(record.cause, is_unknown ? Ending::kInfo : Ending::kFail, record.time);
    }
    case RecordKind::kChangeAcknowledged: {
      const auto change = domain::ChangeAcknowledged::unpack(record.body);
      if (change.change == domain::ChangeKind::kTokenIssued) expiries_[change.object.packed] = change.expires;
      const auto written = under_way_.find(record.cause.packed);
      if (written == under_way_.end()) return;
      operations_[written->second].registers.front().version = change.version;
      return end(record.cause, Ending::kOk, record.time);
    }
    default:
      return;
  }
}

bool History::has_expired(domain::TokenId token, sim::VirtualTime now) const {
  const auto& tokens = setup_.catalog->tokens;
  if (domain::index(token) < tokens.size()) return tokens[domain::index(token)].expires <= now;
  const auto issued = expiries_.find(ObjectRef::of(token).packed);
  return issued != expiries_.end() && issued->second <= now;
}

// Databases forget tokens that have expired.
void History::decided(const domain::RequestDecided& d, sim::VirtualTime now) {
  boost::container::static_vector<Register, 3> registers{{ObjectRef::of(d.api), d.api_version}};
  const auto token = audit::token_version(d, setup_, holdings_);
  if (token && !has_expired(d.token, now)) registers.push_back({ObjectRef::of(d.token), *token});
  if (d.subscription != domain::kNoSubscription) {
    registers.push_back({ObjectRef::of(d.subscription), d.subscription_version});
  }
  for (const Register& one : registers) look_at(one.object);
  const Process process = process_of(session_number(Party::kToken, static_cast<std::uint32_t>(d.token)));
  const std::uint32_t number = begin(Kind::kRead, process, now);
  operations_[number].registers = registers;
  operations_[number].ending = Ending::kOk;
  operations_[number].ended = now;
  lines_.push_back({number, Phase::kEnd});
}

// Of policies nobody reads a version.
void History::invoked(const domain::ChangeInvoked& change, const sim::Record& record) {
  if (change.object.kind() == ObjectKind::kPolicy) return;
  look_at(change.object);
  const Process process = process_of(session_of(change));
  is_busy_[process] = 1;
  const std::uint32_t number = begin(Kind::kWrite, process, record.time);
  operations_[number].registers = {{change.object, {}}};
  under_way_[record.id.packed] = number;
}

std::uint64_t History::session_of(const domain::ChangeInvoked& change) const {
  switch (change.object.kind()) {
    case ObjectKind::kToken:
      return session_number(Party::kToken, change.object.id());
    case ObjectKind::kSubscription: {
      const domain::Subscription& of = setup_.catalog->subscriptions[change.object.id()];
      return session_number(Party::kApplication, static_cast<std::uint32_t>(of.application));
    }
    default:
      return session_number(Party::kPublisher, static_cast<std::uint32_t>(change.writer));
  }
}

// A write that nobody answered may have been committed all the same; then its version is known from the row.
void History::committed(const domain::EntryPut& entry, sim::RecordId cause) {
  if (entry.object.kind() == ObjectKind::kToken)
    holdings_.put({entry.layer, entry.object, entry.variant}, entry.version, {});
  const auto written = under_way_.find(cause.packed);
  if (written == under_way_.end()) return;
  Register& one = operations_[written->second].registers.front();
  if (one.object == entry.object) one.version = entry.version;
}

void History::end(sim::RecordId invocation, Ending ending, sim::VirtualTime now) {
  const auto found = under_way_.find(invocation.packed);
  if (found == under_way_.end()) return;
  Operation& operation = operations_[found->second];
  operation.ending = ending;
  operation.ended = now;
  if (ending == Ending::kFail) operation.registers.front().version = {};
  if (ending != Ending::kInfo) is_busy_[operation.process] = 0;
  lines_.push_back({found->second, Phase::kEnd});
  under_way_.erase(found);
}

void History::look_at(ObjectRef object) {
  if (!looked_at_.try_emplace(object.packed).second) return;
  const Version version = domain::initial_version(standing_at_start(*setup_.catalog, object));
  if (version == Version{}) return;
  const std::uint32_t number = begin(Kind::kWrite, kCatalogProcess, {});
  operations_[number].registers = {{object, version}};
  operations_[number].ending = Ending::kOk;
  lines_.push_back({number, Phase::kEnd});
}

// The first of the session's that is free.
History::Process History::process_of(std::uint64_t session) {
  Processes& processes = sessions_[session];
  const auto free = std::find_if(processes.begin(), processes.end(), [&](Process p) { return is_busy_[p] == 0; });
  if (free != processes.end()) return *free;
  processes.push_back(static_cast<Process>(is_busy_.size()));
  is_busy_.push_back(0);
  return processes.back();
}

std::uint32_t History::begin(Kind kind, Process process, sim::VirtualTime now) {
  const auto number = static_cast<std::uint32_t>(operations_.size());
  operations_.push_back({kind, Ending::kNone, process, now});
  lines_.push_back({number, Phase::kBegin});
  return number;
}

// What a read finds is not known when it begins, what a write writes is; of one that came to nothing there is no value.
std::string History::line_text(const Line& line, std::size_t index) const {
  const Operation& operation = operations_[line.operation];
  const bool is_read = operation.kind == Kind::kRead;
  const bool begins = line.phase == Phase::kBegin;
  std::string values;
  for (const Register& one : operation.registers) {
    const std::string value = is_read && begins ? "nil" : register_value(one.version);
    fmt::format_to(std::back_inserter(values), "{}[{} \"{}\" {}]", values.empty() ? "" : " ", is_read ? ":r" : ":w",
                   object_name(one.object), value);
  }
  constexpr std::array<std::string_view, 4> kEndings{"info", "ok", "fail", "info"};
  const bool says_nothing = !is_read && operation.registers.front().version == Version{};
  return fmt::format("{{:process {}, :type :{}, :f :{}, :value {}, :time {}, :index {}}}\n", operation.process,
                     begins ? "invoke" : kEndings[static_cast<std::size_t>(operation.ending)],
                     is_read ? "read" : "write", says_nothing ? "nil" : "[" + values + "]",
                     (begins ? operation.begun : operation.ended).ns, index);
}

void History::write(const Sink& sink) const {
  for (std::size_t i = 0; i < lines_.size(); ++i) sink(line_text(lines_[i], i));
}

}  // namespace parallax::scenarios
