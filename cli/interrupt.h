// Ctrl-C: the run under way is given up, what is finished stays. A second one ends the process at once.
#pragma once

namespace parallax::cli {

/// Thrown where work may stop.
struct Interrupted {};

void catch_interrupts();

/// Throws Interrupted if SIGINT or SIGTERM has arrived.
void stop_if_interrupted();

}  // namespace parallax::cli
