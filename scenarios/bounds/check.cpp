#include "scenarios/bounds/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "scenarios/bounds/left_out.h"

namespace parallax::bounds {

using audit::Piece;
using audit::WindowFinding;
using domain::Stage;

namespace {

using Of = std::tuple<domain::ChangeKind, domain::NodeId, domain::NodeId>;

// What a window is charged with only if something fails.
bool is_of_outage(Stage stage) {
  switch (stage) {
    case Stage::kLinkDown:
    case Stage::kSiteDown:
    case Stage::kReconnectWait:
    case Stage::kMessageLost:
    case Stage::kRetryWait:
    case Stage::kGivenUp:
    case Stage::kDatabaseUnreachable:
    case Stage::kClockSkew:
    case Stage::kCertificate:
    case Stage::kDiskFull:
    case Stage::kFrozen:
      return true;
    default:
      return false;
  }
}

template <typename Excluded>
sim::Duration without(const WindowFinding& window, const Excluded& is_excluded) {
  sim::Duration sum{};
  for (const Piece& piece : window.pieces) {
    if (!is_excluded(piece.stage)) sum += piece.length;
  }
  return sum;
}

std::string sentence(const WindowFinding& window, const char* which, sim::Duration length, sim::Duration bound,
                     const std::vector<std::string>& names) {
  std::string stages;
  for (const Piece& piece : window.pieces)
    stages += fmt::format(" {} {}", domain::name_of(piece.stage), piece.length.ns);
  const auto name = [&](domain::NodeId node) { return names[domain::index(node)]; };
  return fmt::format(
      "the {} window of record {}/{}, written at {}, observed at {}, takes {} ns, {} than the bound {} ns:{}",
      domain::name_of(window.change), sim::index(window.id.site()), window.id.number(), name(window.writer),
      name(window.observer), length.ns, which, bound.ns, stages);
}

}  // namespace

Checked check(const std::vector<Bound>& bounds, const audit::Findings& findings,
              const std::vector<std::string>& node_names, bool is_disturbed) {
  std::map<Of, const Bound*> of;
  for (const Bound& bound : bounds) of.emplace(Of{bound.change, bound.writer, bound.observer}, &bound);
  // A change that another one has taken the place of may have been seen with that one, which came another way.
  std::map<domain::ObjectRef, sim::VirtualTime> last;
  for (const WindowFinding& window : findings.windows) {
    auto& latest = last.emplace(window.object, window.start).first->second;
    latest = std::max(latest, window.start);
  }
  const bool nobody_was_away = findings.starts.empty() && findings.moments.empty();
  Checked checked;
  const auto say = [&](const WindowFinding& window, const char* which, sim::Duration length, sim::Duration bound) {
    if (checked.outside.size() < kMostOutside) {
      checked.outside.push_back(sentence(window, which, length, bound, node_names));
    }
  };
  for (const WindowFinding& window : findings.windows) {
    ++checked.windows;
    const auto found = of.find({window.change, window.writer, window.observer});
    if (found == of.end() || window.length.ns == 0) continue;
    const Bound& bound = *found->second;
    // What has not come may be waiting behind others, as far as anybody knows.
    const auto is_no_part = [&](Stage stage) {
      return is_left_out(stage) || (is_disturbed && stage == Stage::kPending);
    };
    const sim::Duration undisturbed =
        without(window, [&](Stage stage) { return is_no_part(stage) || is_of_outage(stage); });
    const sim::Duration whole = without(window, is_no_part);
    if (bound.checked || bound.checked_with_outages) ++checked.bounded;
    if (bound.checked && undisturbed > *bound.checked) say(window, "longer", undisturbed, *bound.checked);
    if (bound.checked_with_outages && whole > *bound.checked_with_outages) {
      say(window, "longer", whole, *bound.checked_with_outages);
    }
    const bool is_seen_by_itself = window.ending == audit::Ending::kVisible && last[window.object] == window.start;
    if (nobody_was_away && is_seen_by_itself && window.length < bound.least) {
      say(window, "shorter", window.length, bound.least);
    }
  }
  return checked;
}

}  // namespace parallax::bounds
