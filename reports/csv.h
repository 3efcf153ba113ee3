// Tables of a Result for spreadsheets and scripts: comma-separated values as RFC 4180 has them, units in the headers,
// in the order of the Result. Text that a spreadsheet would take for a formula is quoted from it by an apostrophe.
#pragma once

#include <string>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// A line for each metric.
std::string metrics_csv(const schema::Result& result);

/// A line for each of the windows that the Result tells in full, and one for each of their stages.
std::string windows_csv(const schema::Result& result);
std::string stages_csv(const schema::Result& result);

/// A line for each class of windows.
std::string window_classes_csv(const schema::Result& result);

/// A line for each instant of each series over virtual time.
std::string series_csv(const schema::Result& result);

}  // namespace parallax::reports
