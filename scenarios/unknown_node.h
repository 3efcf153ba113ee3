// A field that names a node which its site does not have.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "scenarios/reporter.h"
#include "scenarios/schema/scenario.pb.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {

template <typename Owner>
void report_unknown_node(const Owner& owner, const char* field, int index, const std::string& name,
                         const schema::Site& site, Reporter& reporter) {
  const std::vector<std::string> names(site.nodes().begin(), site.nodes().end());
  reporter.report(
      owner, field,
      fmt::format("unknown node {} of {}{}", quoted(name), quoted(site.name()), suggestion(name, "nodes", names)),
      index);
}

}  // namespace parallax::scenarios
