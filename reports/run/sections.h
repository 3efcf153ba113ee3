// The parts of a run's page, in the order in which they stand on it. Each is HTML, complete in itself, and states its
// finding in its heading; a part that has nothing to tell is empty or says so.
#pragma once

#include <string>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

// Page one, for the person who decides.
std::string masthead(const schema::Result& result);           ///< name, size of the run, verdict, lede
std::string targets_section(const schema::Result& result);    ///< rows in clock words
std::string strip_section(const schema::Result& result);      ///< when it hurt
std::string cost_section(const schema::Result& result);       ///< what it cost; what is not covered
std::string fragility_section(const schema::Result& result);  ///< which defaults decide the verdict; if asked
std::string evidence_strip(const schema::Result& result);     ///< how to make it again

std::string claims_section(const schema::Result& result);  ///< what others claim of it; empty for most

// For engineers: more than one data center. Each is empty where the result has nothing of its kind.
std::string topology_section(const schema::Result& result);   ///< data centers, users, links; what broke
std::string clock_section(const schema::Result& result);      ///< sites and populations on one clock
std::string runbooks_section(const schema::Result& result);   ///< what operators did
std::string storm_section(const schema::Result& result);      ///< calls a second where tries again come in waves
std::string outages_section(const schema::Result& result);    ///< unavailability and its parts
std::string load_section(const schema::Result& result);       ///< key managers, databases, workers, pools
std::string pairs_section(const schema::Result& result);      ///< windows by writer and observer site
std::string losses_section(const schema::Result& result);     ///< lost and late writes
std::string conflicts_section(const schema::Result& result);  ///< conflicts between databases, stopped streams
std::string sessions_section(const schema::Result& result);   ///< tokens refused where they were not issued

// For engineers: any deployment.
std::string guarantees_section(const schema::Result& result);   ///< what clients saw that contradicts what they knew
std::string windows_section(const schema::Result& result);      ///< worst windows, kind by kind and node by node
std::string decisions_section(const schema::Result& result);    ///< wrong decisions by reason, cause and node
std::string limits_section(const schema::Result& result);       ///< over-admission per limit window
std::string bounds_section(const schema::Result& result);       ///< what no window can exceed, and why
std::string classes_section(const schema::Result& result);      ///< distribution of the windows
std::string series_section(const schema::Result& result);       ///< minute by minute
std::string timers_section(const schema::Result& result);       ///< how often each timer fired
std::string ledger_section(const schema::Result& result);       ///< requests and fingerprints per seed
std::string metrics_section(const schema::Result& result);      ///< every metric
std::string assumptions_section(const schema::Result& result);  ///< inputs and where they come from
std::string glossary_section();

}  // namespace parallax::reports
