// How often this test program has asked for memory.
#pragma once

#include <cstdint>

namespace parallax::testing {

/// By any thread. Always 0 with a sanitizer, which brings an operator new of its own.
std::uint64_t allocations();
extern const bool kCountsAllocations;

}  // namespace parallax::testing
