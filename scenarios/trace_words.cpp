#include "scenarios/trace_words.h"

#include <fmt/format.h>

#include "models/domain/topic.h"
#include "scenarios/record_words.h"
#include "scenarios/result_tables.h"

namespace parallax::scenarios {

using domain::RecordKind;

namespace {

// Of a copy, with what it holds besides.
std::string copy_name(std::string_view what, domain::ObjectRef object, domain::ObjectRef companion) {
  const std::string name = fmt::format("{} {}", what, object_name(object));
  return companion.exists() ? fmt::format("{} with {}", name, object_name(companion)) : name;
}

// A region marks, a database is promoted where it is.
std::optional<TraceMoment> moment_of(const domain::SiteChanged& changed, std::span<const std::string> sites) {
  if (changed.change <= domain::SiteChange::kReady) return std::nullopt;
  const bool is_of_database =
      changed.change == domain::SiteChange::kPromoted || changed.change == domain::SiteChange::kFenced;
  return TraceMoment{is_of_database ? changed.site : changed.seen_from, is_of_database,
                     fmt::format("{} {}", sites[sim::index(changed.site)], word_of(changed.change)), "site"};
}

}  // namespace

std::optional<TraceStep> trace_step(const sim::Record& record) {
  switch (domain::kind_of(record.body)) {
    case RecordKind::kEntryPut: {
      const auto put = domain::EntryPut::unpack(record.body);
      return TraceStep{
          copy_name("put", put.object, put.companion.object), "copy", put.passage, put.layer, {}, put.version};
    }
    case RecordKind::kEntryDropped: {
      const auto dropped = domain::EntryDropped::unpack(record.body);
      return TraceStep{copy_name("drop", dropped.object, dropped.companion), "copy", dropped.passage, dropped.layer};
    }
    case RecordKind::kHop: {
      const auto hop = domain::Hop::unpack(record.body);
      return TraceStep{fmt::format("heard of {}", object_name(hop.object)), "hop", hop.passage, {}, hop.node};
    }
    case RecordKind::kEventLost: {
      const auto lost = domain::EventLost::unpack(record.body);
      return TraceStep{fmt::format("lost: {} ({})", object_name(lost.object), word_of(lost.why)),
                       "loss",
                       {domain::Stage::kNone, domain::Stage::kMessageLost, record.time},
                       {},
                       lost.node,
                       lost.version};
    }
    default:
      return std::nullopt;
  }
}

std::optional<TraceMoment> trace_moment(const sim::Record& record, std::span<const std::string> sites) {
  switch (domain::kind_of(record.body)) {
    case RecordKind::kSiteChanged:
      return moment_of(domain::SiteChanged::unpack(record.body), sites);
    case RecordKind::kResolverMoved: {
      const auto moved = domain::ResolverMoved::unpack(record.body);
      return TraceMoment{moved.region, false,
                         fmt::format("resolver {}: from {} to {}", moved.resolver, sites[sim::index(moved.from)],
                                     sites[sim::index(moved.to)]),
                         "resolver"};
    }
    case RecordKind::kRowConflict: {
      const auto conflict = domain::RowConflict::unpack(record.body);
      return TraceMoment{
          record.id.site(), true,
          fmt::format("conflict: {}, {}", domain::name_of(conflict.kind), domain::name_of(conflict.outcome)),
          "conflict"};
    }
    case RecordKind::kStreamChanged: {
      const auto stream = domain::StreamChanged::unpack(record.body);
      return TraceMoment{record.id.site(), true,
                         fmt::format("stream from {} {}", sites[sim::index(stream.from)], word_of(stream.change)),
                         "stream"};
    }
    default:
      return std::nullopt;
  }
}

std::string_view trace_word(audit::Ending ending) {
  switch (ending) {
    case audit::Ending::kVisible:
      return "visible";
    case audit::Ending::kMoot:
      return "moot";
    case audit::Ending::kCensored:
      return "censored";
  }
  return {};
}

}  // namespace parallax::scenarios
