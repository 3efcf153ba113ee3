// How scenarios are played, as the commands that play some take it alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/journal_text.h"
#include "scenarios/run.h"

namespace CLI {
class App;
}

namespace parallax::cli {

struct RunArguments {
  std::vector<std::string> files;
  std::vector<std::string> overrides;  ///< "path=value"
  std::optional<std::string> with{};   ///< file of a trial that takes the place of the files' own
  std::optional<std::uint64_t> seed;   ///< this one alone
  std::optional<std::uint32_t> seeds;  ///< 1 to this; where neither is given the scenario says
  unsigned jobs{1};                    ///< 0: one for each core
  unsigned threads{1};                 ///< 0: one for each core
  scenarios::RunLimits limits;
  std::optional<std::string> out;
  enum class Output { files, json } output{Output::files};
  enum class History { none, first_seed } history{History::none};
  enum class Fragility { none, of_defaults } fragility{Fragility::none};
  enum class Trace { none, first_seed } trace{Trace::none};
  std::optional<scenarios::JournalStretch> journal;  ///< to print, in place of all else
};

/// As CLI11 reads it; read_play_options() makes values of it.
struct RunOptionsText {
  std::string seed;
  std::string seeds;
  std::string jobs{"1"};
  std::string threads{"1"};
  std::string journal;
  std::string max_events;
  std::string max_virtual_time;
  std::string max_memory;
  bool json{false};
  bool history{false};
  bool fragility{false};
  bool strict{false};
  bool mutate{false};
  bool trace{false};
};

/// "quick", "standard", "deep" or a count from 1 to 100,000.
std::optional<std::uint32_t> seed_count(std::string_view text);

void add_files(CLI::App& command, std::vector<std::string>& files);
void add_overrides(CLI::App& command, std::vector<std::string>& overrides);
void add_trial(CLI::App& command, RunArguments& run);

/// `seeds` says in words in how many where nobody says.
void add_play_options(CLI::App& command, RunArguments& run, RunOptionsText& text, const std::string& seeds);

/// What add_play_options() has read.
void read_play_options(const RunOptionsText& text, RunArguments& run);

}  // namespace parallax::cli
