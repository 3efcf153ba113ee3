// What the commands take that hold the simulator against measurements, or learn from them: backtest, fit and truth.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/play_arguments.h"

namespace CLI {
class App;
}

namespace parallax::cli {

struct BacktestArguments {
  RunArguments run;      ///< of one scenario
  std::string observed;  ///< the drill's file
  std::optional<std::string> start;
  std::int64_t bucket_s{5};
};

struct FitArguments {
  std::string file;
  std::string as;  ///< delay, lag or window
  std::optional<std::string> column;
  std::optional<std::string> unit;
  bool round_trip{false};
  bool json{false};
  std::optional<std::string> out;
};

struct TruthArguments {
  std::optional<std::string> mapping;  ///< absent: the one that the binary carries
  std::string only;                    ///< rows whose group, setting or quantity holds this text; empty: all
  std::vector<std::string> overrides;  ///< "path=value", on top of the mapping's own
  unsigned jobs{0};                    ///< 0: one for each core
  std::optional<std::string> out;
  enum class Output { files, json } output{Output::files};
};

using MeasuringRequest = std::variant<BacktestArguments, FitArguments, TruthArguments>;

/// Adds the commands to an app that outlives this, and tells what was asked once it has parsed.
class MeasuringCommands {
 public:
  explicit MeasuringCommands(CLI::App& app);

  /// Nothing if another command was given.
  std::optional<MeasuringRequest> request() const;

 private:
  void add_backtest(CLI::App& app);
  void add_fit(CLI::App& app);
  void add_truth(CLI::App& app);
  BacktestArguments backtest_request() const;
  TruthArguments truth_request() const;

  CLI::App* backtest_command_{nullptr};
  CLI::App* fit_command_{nullptr};
  CLI::App* truth_command_{nullptr};
  BacktestArguments backtest_{};
  RunOptionsText backtest_text_{};
  std::string bucket_{};
  FitArguments fit_{};
  TruthArguments truth_{};
  RunOptionsText truth_text_{};
};

}  // namespace parallax::cli
