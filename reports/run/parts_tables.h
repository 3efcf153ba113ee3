// What the nodes of each data center do, and who tells whom of changes: tables beside the topology.
#pragma once

#include "reports/table.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::reports {

/// Which nodes do what, and what they leave to other sites. Empty where all do everything at home.
Table parts_table(const schema::Scenario& scenario);

/// At whose brokers gateways listen, and what goes on to brokers of other sites. Empty without brokers.
Table events_table(const schema::Scenario& scenario);

}  // namespace parallax::reports
