// Calls that are sent again, over the time of an outage: how many came a second, and whether they came in waves. A loss
// makes the first, while tries go where nobody answers. A second one follows where all that waits comes to the data
// centers that are left, or back to the one that was away; it can be the higher one, and take down who was well.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

struct Peak {
  std::int64_t at_ns;
  double rate;  ///< calls to see it, tries again with them
};

struct Storm {
  std::string site;            ///< that was lost; empty: some other fault
  std::int64_t lost_ns;        ///< or when the fault began
  std::int64_t moved_ns;       ///< the first DNS has taken it out, or it is back
  std::int64_t back_ns;        ///< it serves again, or the fault is over
  double before;               ///< calls a second up to then
  std::optional<Peak> first;   ///< up to moved_ns
  std::optional<Peak> second;  ///< after that
};

/// Of the first outage of the first seed; nothing where clients do not try again, or no wave is to be seen: a second
/// with more than twice the calls of before, and 10 more. A second peak has risen by a quarter since moved_ns, so that
/// what is left of the first counts as none.
std::optional<Storm> storm_of(const schema::Result& result);

/// "17 000 calls a second at 28 min 02 s, 68 times the 250 before".
std::string peak_words(const Storm& storm, const Peak& peak);

/// When the second peak came, in words that follow "after": "the DNS has moved", "us-east is back".
std::string second_cause(const Storm& storm);

/// Calls of a population and of all of them, by second.
std::vector<double> sent_by(const schema::Result& result, std::string_view population);
std::vector<double> sent_by_all(const schema::Result& result);

/// Of them, those that were served.
std::vector<double> served_of(const schema::Result& result, std::string_view population);

}  // namespace parallax::reports
