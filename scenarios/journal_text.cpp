#include "scenarios/journal_text.h"

#include <fmt/format.h>

#include <concepts>
#include <iterator>
#include <type_traits>

#include "models/domain/journal.h"
#include "scenarios/record_words.h"
#include "scenarios/result_tables.h"
#include "scenarios/units.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {

namespace {

std::string seconds_text(sim::VirtualTime time) {
  if (time == sim::kNever) return "never";
  constexpr std::int64_t kSecond = 1'000'000'000;
  return fmt::format("{}.{:09}", time.ns / kSecond, time.ns % kSecond);
}

/// Writes fields one after the other, each by the words for its type.
class FieldText {
 public:
  FieldText(std::string& line, const JournalNames& names) : line_{line}, names_{names} {}

  template <typename Value>
  FieldText& operator()(std::string_view name, const Value& value) {
    fmt::format_to(std::back_inserter(line_), " {}={}", name, text_of(value));
    return *this;
  }
  FieldText& operator()(std::string_view name, const domain::Passage& passage) {
    return (*this)(std::string(name) + ".first", passage.first)(std::string(name) + ".second", passage.second)(
        std::string(name) + ".turn", passage.turn);
  }
  FieldText& operator()(std::string_view name, const domain::Companion& companion) {
    return (*this)(name, companion.object)(std::string(name) + ".version", companion.version);
  }

  std::string text_of(domain::SiteId site) const { return named(names_.sites, sim::index(site)); }

 private:
  // Names may hold blanks and anything else.
  static std::string named(std::span<const std::string> names, std::size_t index) {
    return index < names.size() ? quoted(names[index]) : "-";
  }
  std::string text_of(domain::NodeId node) const { return named(names_.nodes, domain::index(node)); }
  std::string text_of(domain::ObjectRef object) const { return object.exists() ? quoted(object_name(object)) : "-"; }
  std::string text_of(domain::Version version) const {
    return fmt::format("{}@{}", version.ordinal(), version.packed & 0x3ff);
  }
  std::string text_of(sim::VirtualTime time) const { return seconds_text(time); }
  std::string text_of(sim::Duration duration) const { return format_duration(duration); }
  template <typename Value>
  requires std::integral<Value> || std::is_enum_v<Value> std::string text_of(Value value)
  const {
    if constexpr (requires { word_of(value); }) {
      return std::string(word_of(value));
    } else if constexpr (requires { domain::name_of(value); }) {
      return std::string(domain::name_of(value));
    } else {
      return fmt::to_string(static_cast<std::uint64_t>(value));
    }
  }

  std::string& line_;
  const JournalNames& names_;
};

void say(FieldText& f, const domain::RequestDecided& r) {
  f("node", r.node)("token", r.token)("api", r.api)("subscription", r.subscription)("token_version", r.token_version)(
      "api_version", r.api_version)("subscription_version", r.subscription_version)("outcome", r.outcome);
}

void say(FieldText& f, const domain::RequestFinished& r) {
  f("population", r.population)("token", r.token)("sent", r.sent)("ending", r.ending)("outcome", r.outcome)("called",
                                                                                                            r.called);
}

void say(FieldText& f, const domain::PopulationClosed& r) {
  f("population", r.population)("sent", r.sent)("answered", r.answered)("timed_out", r.timed_out)("in_flight",
                                                                                                  r.in_flight);
}

void say(FieldText& f, const domain::UsersClosed& r) {
  f("population", r.population)("users", r.users)("moved", r.moved)("moves", r.moves)("unresolved", r.unresolved)(
      "tokenless", r.tokenless);
}

void say(FieldText& f, const domain::ChangeInvoked& r) {
  f("change", r.change)("writer", r.writer)("object", r.object)("quota", r.quota);
}

void say(FieldText& f, const domain::ChangeAcknowledged& r) {
  f("change", r.change)("writer", r.writer)("object", r.object)("version", r.version)("invoked", r.invoked)(
      "expires", r.expires)("application", r.application)("jurisdiction", r.jurisdiction)("quota", r.quota);
}

void say(FieldText& f, const domain::ChangeAbandoned& r) {
  f("object", r.object)("change", r.change)("why", r.why)("quota", r.quota);
}

void say(FieldText& f, const domain::EntryPut& r) {
  f("layer", r.layer)("object", r.object)("variant", r.variant)("version", r.version)("passage", r.passage)(
      "companion", r.companion);
}

void say(FieldText& f, const domain::EntryDropped& r) {
  f("layer", r.layer)("object", r.object)("variant", r.variant)("passage", r.passage)("companion", r.companion);
}

void say(FieldText& f, const domain::Hop& r) { f("node", r.node)("object", r.object)("passage", r.passage); }

void say(FieldText& f, const domain::SiteChanged& r) {
  f("site", r.site)("seen_from", r.seen_from)("change", r.change);
}

void say(FieldText& f, const domain::NodeChanged& r) { f("node", r.node)("change", r.change); }

void say(FieldText& f, const domain::ResolverMoved& r) {
  f("region", r.region)("resolver", r.resolver)("from", r.from)("to", r.to);
}

void say(FieldText& f, const domain::RowChanged& r) {
  f("database", r.database)("table", r.table)("operation", r.operation)("means", r.means)("origin", r.origin)(
      "row", r.row)("version", r.version)("jurisdiction", r.jurisdiction);
}

void say(FieldText& f, const domain::RowUndone& r) { say(f, r.change); }

void say(FieldText& f, const domain::RowConflict& r) {
  f("database", r.database)("table", r.table)("kind", r.kind)("outcome", r.outcome)("origin", r.origin)("row", r.row)(
      "incoming", r.incoming)("present", r.present);
}

void say(FieldText& f, const domain::StreamChanged& r) {
  f("database", r.database)("from", r.from)("change", r.change)("waiting", r.waiting)("kind", r.kind);
}

void say(FieldText& f, const domain::TotalsAsked& r) { f("site", r.site)("question", r.question); }

void say(FieldText& f, const domain::TotalAnswered& r) {
  f("site", r.site)("question", r.question)("api", r.api)("total", r.total);
}

void say(FieldText& f, const domain::TotalClosed& r) {
  f("site", r.site)("api", r.api)("total", r.total)("waiting", r.waiting);
}

void say(FieldText& f, const domain::CacheClosed& r) {
  f("node", r.node)("stale_recaches", r.stale_recaches)("hits", r.hits)("asked", r.asked)("told", r.told)(
      "longest_wait", r.longest_wait);
}

void say(FieldText& f, const domain::EventLost& r) {
  f("node", r.node)("object", r.object)("version", r.version)("topic", r.topic)("why", r.why)("by", r.by)(
      "event", r.event)("published", r.published)("died", r.died);
}

void say(FieldText& f, const domain::WorkersSecond& r) {
  f("node", r.node)("role", r.role)("second", r.second)("arrived", r.arrived)("served", r.served)("waited", r.waited)(
      "refused", r.refused)("given_up", r.given_up)("lost", r.lost)("queue", r.queue)("busy", r.busy);
}

void say(FieldText& f, const domain::WorkersClosed& r) {
  f("node", r.node)("role", r.role)("workers", r.workers)("still_there", r.still_there)("longest_wait", r.longest_wait);
}

void say(FieldText& f, const domain::LoadSecond& r) {
  f("site", r.site)("second", r.second)("requests", r.requests)("validations", r.validations)("statements",
                                                                                              r.statements);
}

void say(FieldText& f, const domain::PoolClosed& r) {
  f("site", r.site)("target", r.target)("calls", r.calls)("waited", r.waited)("given_up", r.given_up)("longest_wait",
                                                                                                      r.longest_wait);
}

void say(FieldText& f, const domain::CallsClosed& r) { f("site", r.site)("calls", r.calls); }

void say(FieldText& f, const domain::AffinityClosed& r) { f("site", r.site)("lost", r.lost); }

template <typename Record>
void say_as(FieldText& fields, const sim::Record& record) {
  say(fields, Record::unpack(record.body));
}

void say_fields(FieldText& fields, const sim::Record& record) {
  using enum domain::RecordKind;
  switch (domain::kind_of(record.body)) {
    case kRequestDecided:
      return say_as<domain::RequestDecided>(fields, record);
    case kRequestFinished:
      return say_as<domain::RequestFinished>(fields, record);
    case kPopulationClosed:
      return say_as<domain::PopulationClosed>(fields, record);
    case kUsersClosed:
      return say_as<domain::UsersClosed>(fields, record);
    case kChangeInvoked:
      return say_as<domain::ChangeInvoked>(fields, record);
    case kChangeAcknowledged:
      return say_as<domain::ChangeAcknowledged>(fields, record);
    case kChangeAbandoned:
      return say_as<domain::ChangeAbandoned>(fields, record);
    case kEntryPut:
      return say_as<domain::EntryPut>(fields, record);
    case kEntryDropped:
      return say_as<domain::EntryDropped>(fields, record);
    case kHop:
      return say_as<domain::Hop>(fields, record);
    case kSiteChanged:
      return say_as<domain::SiteChanged>(fields, record);
    case kNodeChanged:
      return say_as<domain::NodeChanged>(fields, record);
    case kResolverMoved:
      return say_as<domain::ResolverMoved>(fields, record);
    case kRowChanged:
      return say_as<domain::RowChanged>(fields, record);
    case kRowUndone:
      return say_as<domain::RowUndone>(fields, record);
    case kRowConflict:
      return say_as<domain::RowConflict>(fields, record);
    case kStreamChanged:
      return say_as<domain::StreamChanged>(fields, record);
    case kTotalsAsked:
      return say_as<domain::TotalsAsked>(fields, record);
    case kTotalAnswered:
      return say_as<domain::TotalAnswered>(fields, record);
    case kTotalClosed:
      return say_as<domain::TotalClosed>(fields, record);
    case kCacheClosed:
      return say_as<domain::CacheClosed>(fields, record);
    case kEventLost:
      return say_as<domain::EventLost>(fields, record);
    case kWorkersSecond:
      return say_as<domain::WorkersSecond>(fields, record);
    case kWorkersClosed:
      return say_as<domain::WorkersClosed>(fields, record);
    case kLoadSecond:
      return say_as<domain::LoadSecond>(fields, record);
    case kPoolClosed:
      return say_as<domain::PoolClosed>(fields, record);
    case kCallsClosed:
      return say_as<domain::CallsClosed>(fields, record);
    case kAffinityClosed:
      return say_as<domain::AffinityClosed>(fields, record);
  }
}

}  // namespace

std::string journal_line(const sim::Record& record, const JournalNames& names) {
  std::string line;
  FieldText fields{line, names};
  const auto name_of_record = [&](sim::RecordId id) {
    return id.exists() ? fmt::format("{}/{}", fields.text_of(id.site()), id.number()) : "-";
  };
  fmt::format_to(std::back_inserter(line), "{} {} {} {} cause={}", seconds_text(record.time),
                 fields.text_of(record.id.site()), record.id.number(), word_of(domain::kind_of(record.body)),
                 name_of_record(record.cause));
  say_fields(fields, record);
  return line + "\n";
}

}  // namespace parallax::scenarios
