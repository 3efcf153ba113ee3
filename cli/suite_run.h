// A regression suite under way: one scenario after the other becomes a row.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "scenarios/load.h"
#include "scenarios/run.h"
#include "scenarios/suite/baseline.h"
#include "scenarios/suite/suite.h"

namespace parallax::cli {

/// All that is read before anything runs.
struct Selection {
  std::vector<std::string> files;
  std::vector<scenarios::Loaded> loaded;  ///< of each file
  scenarios::suite::Baseline baseline;
};

/// How a scenario is played: with which arguments, its file, itself, and what to call it while it runs. Throws what
/// runs throw.
using Play = std::function<scenarios::RunOutput(const RunArguments&, const std::string& file, const scenarios::Loaded&,
                                                const std::string& label)>;

class SuiteRun {
 public:
  /// All of them have to live as long as it does.
  SuiteRun(const CheckArguments& arguments, const Selection& selection, const Play& play);

  /// Prints each row as soon as it is there. What the scenarios' verdicts come to is not in the code, which is pass
  /// unless it was interrupted or a report could not be written.
  ExitCode all();

  const scenarios::suite::Suite& suite() const { return suite_; }

 private:
  ExitCode one(std::size_t i);
  ExitCode write_report(const scenarios::RunOutput& output, scenarios::suite::Row& row) const;

  const CheckArguments& arguments_;
  const Selection& selection_;
  const Play& play_;
  std::size_t name_width_;
  scenarios::suite::Suite suite_;
};

}  // namespace parallax::cli
