// The HTML reports: one self-contained file each, readable from disk with the network off and without a script.
#pragma once

#include <span>
#include <string>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// The whole report.html of a run. The same result gives the same bytes.
std::string run_page(const schema::Result& result);

struct IndexEntry {
  std::string title;
  std::string verdict;   ///< as in schema::Result
  std::string sentence;  ///< verdict_sentence
  std::string href;      ///< path of the report, relative to the index page; not yet percent-encoded
};

/// One page that leads to several reports.
std::string index_page(std::span<const IndexEntry> entries);

/// The headline: "Stand-alone pair misses 4 of 5 targets: ...". Figures are held together by no-break spaces; plain()
/// of words.h makes it fit for a terminal.
std::string verdict_sentence(const schema::Result& result);

}  // namespace parallax::reports
