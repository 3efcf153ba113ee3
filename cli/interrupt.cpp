#include "cli/interrupt.h"

#include <csignal>

namespace parallax::cli {
namespace {

// The one global: a signal handler can reach nothing else.
volatile std::sig_atomic_t interrupts = 0;

extern "C" void note_interrupt(int) { interrupts = 1; }

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = note_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void stop_if_interrupted() {
  if (interrupts != 0) throw Interrupted{};
}

}  // namespace parallax::cli
