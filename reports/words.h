// Figures as people say them: "15 min 31 s", "9 170", "1.95×". Parts of one figure are held together by no-break
// spaces, and thousands by narrow ones. Integer arithmetic, rounded half up, so that the words are the same everywhere.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parallax::reports {

/// A measured length: "400 ms", "1.9 s", "31 s", "10 min 00 s", "1 h 04 min", "2 d 03 h"; about three figures.
std::string clock_words(std::int64_t ns);

/// A chosen length, a target or a default: like clock_words, but "10 min" and "1 h" where nothing follows.
std::string round_clock_words(std::int64_t ns);

/// The parts of a whole in round_clock_words, rounded together so that what is printed adds up to the printed whole.
std::vector<std::string> parts_in_words(std::span<const std::int64_t> parts_ns, std::int64_t whole_ns);

/// "9 170".
std::string count_words(std::uint64_t count);

/// "9 170", from a million on "41.2 million".
std::string large_count_words(std::uint64_t count);

/// "1 run", "3 runs".
std::string counted(std::uint64_t count, std::string_view one, std::string_view many);

/// A multiple: "1.95×", "2×".
std::string ratio_words(double ratio);

/// A share of 1: "9 %", "0.4 %", "under 0.1 %".
std::string percent_words(double share);

/// A figure without unit: whole numbers as counts, others with two decimals.
std::string number_words(double value);

/// Lengths as scenario files write them, in our spelling: "1h30m" becomes "1 h 30 min". Other text stays.
std::string spelled_length(std::string_view text);

/// "a, b and c".
std::string joined(std::span<const std::string> items);

std::string capitalised(std::string text);

/// For terminals and grep: plain spaces, no thousands separators, ASCII signs.
std::string plain(std::string_view words);

}  // namespace parallax::reports
