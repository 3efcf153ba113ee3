// The parts of a comparison's page, in the order in which they stand on it. Each is HTML, complete in itself; a part
// that has nothing to tell is empty.
#pragma once

#include <string>
#include <vector>

#include "reports/comparison/compared.h"

namespace parallax::reports {

using ComparedColumns = std::vector<ComparedColumn>;

std::string compare_masthead(const schema::Comparison& comparison, const ComparedColumns& columns);
std::string winners_section(const schema::Comparison& comparison, const ComparedColumns& columns);
std::string worst_section(const schema::Comparison& comparison, const ComparedColumns& columns);
std::string differences_section(const schema::Comparison& comparison, const ComparedColumns& columns);
std::string costs_section(const schema::Comparison& comparison);
std::string latency_section(const schema::Comparison& comparison);
std::string plane_section(const schema::Comparison& comparison, const ComparedColumns& columns);
std::string curves_section(const schema::Comparison& comparison, const ComparedColumns& columns);
std::string seeds_section(const schema::Comparison& comparison, const ComparedColumns& columns);
std::string designs_section(const schema::Comparison& comparison);
std::string compared_metrics_section(const schema::Comparison& comparison);

}  // namespace parallax::reports
