#include "models/propagation/cluster.h"

namespace parallax::propagation {

void Cluster::tell(const sim::Action& action) { site_.after(spec_.message_delay, action); }

}  // namespace parallax::propagation
