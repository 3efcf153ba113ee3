#include "scenarios/session_words.h"

#include <fmt/format.h>

#include "scenarios/result_tables.h"

namespace parallax::scenarios {

using audit::SessionOperation;
using domain::ChangeKind;
using domain::ObjectKind;
using domain::ObjectRef;

namespace {

std::string_view verb_of(ChangeKind change) {
  switch (change) {
    case ChangeKind::kTokenIssued:
      return "issued";
    case ChangeKind::kTokenRevoked:
      return "revoked";
    case ChangeKind::kApiPublished:
      return "published";
    case ChangeKind::kApiRetired:
      return "retired";
    case ChangeKind::kSubscriptionAdded:
      return "added";
    case ChangeKind::kSubscriptionBlocked:
      return "blocked";
    case ChangeKind::kPolicyChanged:
      return "changed";
  }
  return {};
}

std::string answer_to(const SessionOperation& read) {
  const std::string token = object_name(ObjectRef::of(read.token));
  if (read.outcome == domain::Outcome::kAdmitted) return fmt::format("let {} through", token);
  if (read.outcome == domain::Outcome::kApiUnknown) return fmt::format("answered 404 to {}", token);
  if (read.outcome == domain::Outcome::kTokenInvalid) return fmt::format("refused {}", token);
  return fmt::format("refused {} ({})", token, domain::name_of(read.outcome));
}

}  // namespace

std::string instant_words(sim::VirtualTime time) {
  const std::int64_t ms = time.ns / sim::milliseconds(1).ns;
  const std::int64_t minutes = ms / 60'000;
  const std::string rest = fmt::format("{:02}.{:03}", ms / 1'000 % 60, ms % 1'000);
  return minutes < 60 ? fmt::format("{:02}:{}", minutes, rest)
                      : fmt::format("{}:{:02}:{}", minutes / 60, minutes % 60, rest);
}

// Two figures or more, cut off: a step is never said to be later than it is.
std::string later_words(sim::Duration gap) {
  const auto in = [&](sim::Duration unit, std::string_view name) {
    const std::int64_t tenths = gap.ns / (unit.ns / 10);
    const std::string number =
        tenths < 100 && tenths % 10 != 0 ? fmt::format("{}.{}", tenths / 10, tenths % 10) : fmt::to_string(tenths / 10);
    return fmt::format("{} {} later", number, name);
  };
  if (gap.ns == 0) return "at the same time";
  if (gap < sim::microseconds(1)) return fmt::format("{} ns later", gap.ns);
  if (gap < sim::milliseconds(1)) return in(sim::microseconds(1), "µs");
  if (gap < sim::milliseconds(500)) return in(sim::milliseconds(1), "ms");
  if (gap < sim::minutes(1)) return in(sim::seconds(1), "s");
  const std::int64_t seconds = gap.ns / sim::seconds(1).ns;
  return fmt::format("{} min {:02} s later", seconds / 60, seconds % 60);
}

std::string version_words(domain::Version version, domain::Version other, const SeedRun& run) {
  constexpr std::uint32_t kSiteMask = 0x3ff;
  const bool is_told_apart = version.ordinal() != other.ordinal() || version == other;
  const std::uint32_t site = version.packed & kSiteMask;
  if (is_told_apart || site >= run.site_names.size()) return fmt::to_string(version.ordinal());
  return fmt::format("{} of {}", version.ordinal(), run.site_names[site]);
}

std::string place_words(const SessionOperation& operation, const SeedRun& run) {
  if (operation.kind == SessionOperation::Kind::kApplied) return site_name(run, operation.site);
  return run.node_names[domain::index(operation.node)];
}

std::string step_words(const SessionOperation& operation, const std::string& version, const SessionOperation& before,
                       const std::string& lacking) {
  const std::string object = object_name(operation.object);
  switch (operation.kind) {
    case SessionOperation::Kind::kWrote:
      return fmt::format("{} {} (version {})", verb_of(operation.change), object, version);
    case SessionOperation::Kind::kRead: {
      const bool is_token = operation.object.kind() == ObjectKind::kToken;
      return fmt::format("{} on version {} of {}", answer_to(operation), version, is_token ? "it" : object);
    }
    case SessionOperation::Kind::kApplied:
      return fmt::format("had {} in its database, and not version {} of {}", object, lacking,
                         object_name(before.object));
  }
  return {};
}

}  // namespace parallax::scenarios
