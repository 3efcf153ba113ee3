// Developers are told of what they can call, and told again until they have heard.
#pragma once

#include "models/steering/clients.h"
#include "sim/process.h"
#include "sim/site.h"

namespace parallax::management {

/// `what`: an API or a subscription.
template <typename Id>
sim::Process announce(sim::Site& site, steering::Population& population, Id what) {
  constexpr sim::Duration kTellAgain = sim::seconds(1);  // while the way is cut, or a link has lost it: our assumption
  while (!site.send(population.site().id(), [to = &population, what] { to->announce(what); })) {
    co_await site.delay(kTellAgain);
  }
}

}  // namespace parallax::management
