#include "scenarios/what_if.h"

#include <algorithm>

#include "scenarios/measure.h"
#include "scenarios/result_tables.h"

namespace parallax::scenarios {
namespace {

using audit::WindowFinding;

bool is_alike(const SeedRun& run, const WindowFinding& finding, const schema::Window& window) {
  return domain::name_of(finding.change) == window.change() &&
         run.node_names[domain::index(finding.writer)] == window.writer() &&
         run.node_names[domain::index(finding.observer)] == window.observer();
}

bool is_same(const SeedRun& run, const WindowFinding& finding, const schema::Window& window) {
  return is_alike(run, finding, window) && object_name(finding.object) == window.object();
}

// New tokens are numbered in the order of their issue, which one call more or less shifts. On common random numbers the
// same call comes in the same nanosecond.
const WindowFinding* issued_then(const SeedRun& run, const schema::Window& window) {
  if (window.change() != domain::name_of(domain::ChangeKind::kTokenIssued)) return nullptr;
  for (const WindowFinding& finding : run.findings.windows) {
    if (finding.start.ns == window.start_ns() && is_alike(run, finding, window)) return &finding;
  }
  return nullptr;
}

}  // namespace

std::vector<schema::Window> windows_of(const SeedRun& run, std::string_view id) {
  std::vector<schema::Window> windows;
  for (const auto& change : by_change(run.findings.windows)) {
    if (id_of(run, change.front().id) != id) continue;
    for (const WindowFinding& finding : change) windows.push_back(to_window(run, finding));
  }
  return windows;
}

std::vector<std::string> change_ids(const SeedRun& run) {
  std::vector<std::string> ids;
  for (const auto& change : by_change(run.findings.windows)) ids.push_back(id_of(run, change.front().id));
  return ids;
}

std::optional<schema::Window> counterpart(const SeedRun& run, const schema::Window& window, const SeedRun& other) {
  if (const WindowFinding* issued = issued_then(other, window)) return to_window(other, *issued);
  std::size_t before = 0;
  for (const WindowFinding& finding : run.findings.windows) {
    if (id_of(run, finding.id) == window.id()) break;
    before += is_same(run, finding, window);
  }
  for (const WindowFinding& finding : other.findings.windows) {
    if (is_same(other, finding, window) && before-- == 0) return to_window(other, finding);
  }
  return std::nullopt;
}

std::optional<schema::WindowClass> class_of(const std::vector<SeedRun>& runs, const schema::Window& window) {
  const std::string_view writer = window.writer();
  schema::Result tables;
  add_window_tables(runs, tables);
  for (const schema::WindowClass& one : tables.window_classes()) {
    if (one.change() == window.change() && one.observer() == window.observer() &&
        one.writer() == writer.substr(0, writer.find('/'))) {
      return one;
    }
  }
  return std::nullopt;
}

}  // namespace parallax::scenarios
