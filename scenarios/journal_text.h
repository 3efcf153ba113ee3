// The journal as text, for people who look for the first record that differs. One record a line, as
//
//   12.811264808 "us-east" 3104 change_invoked cause=- change=token_revoked writer="us-east/node-1" object="token 7436"
//   ...
//
// Virtual time in seconds, the site, the record's number there, its kind, the record that led to it, and its fields by
// their names in models/domain/journal.h; versions as change@site. Ids that have names bear them, in quotes.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/schema/scenario.pb.h"
#include "sim/record.h"
#include "sim/time.h"

namespace parallax::scenarios {

struct JournalNames {
  std::span<const std::string> sites;  ///< by SiteId
  std::span<const std::string> nodes;  ///< "site/node" by NodeId
};

/// With a newline at the end.
std::string journal_line(const sim::Record& record, const JournalNames& names);

struct JournalStretch {
  sim::VirtualTime from;
  sim::VirtualTime until;  ///< the first instant that is not of it
};

/// Plays the seed up to there, in the caller's thread. `sink` takes whole lines, now and then none, and may throw.
void print_journal(const schema::Scenario& scenario, std::uint64_t seed, const JournalStretch& stretch,
                   const std::function<void(std::string_view)>& sink);

}  // namespace parallax::scenarios
