// What key managers answered, by number: a cluster's shared map carries numbers, in the notes of its copies, and each
// member's book says what they stand for. Equal answers have one number. Written at its gateway's site; read at others
// once a message with the number has come there, so entries never move.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <memory>
#include <tuple>

#include "models/domain/ids.h"
#include "models/logic/gateway/validation.h"

namespace parallax::runtime {

class AnswersBook {
 public:
  AnswersBook() = default;
  AnswersBook(const AnswersBook&) = delete;
  AnswersBook& operator=(const AnswersBook&) = delete;

  /// The number of this answer to a call of `token` on what `variant` stands for.
  std::uint32_t number_of(domain::TokenId token, std::uint32_t variant, const logic::gateway::Validation& answer) {
    const Known known{domain::index(token), variant, answer.token.version.packed,
                      answer.subscription_facts.version.packed, answer.outcome};
    const auto [place, is_new] = numbers_.try_emplace(known, size_);
    if (is_new) append(answer);
    return place->second;
  }

  const logic::gateway::Validation& answer(std::uint32_t number) const {
    const std::size_t chunk = chunk_of(number);
    return chunks_[chunk][number - first_of(chunk)];
  }

 private:
  // What an answer is a function of.
  using Known = std::tuple<std::size_t, std::uint32_t, std::uint32_t, std::uint32_t, domain::Outcome>;

  // Chunk c begins at kLeast * (2^c - 1) and is twice as long as the one before.
  static constexpr std::uint32_t kLeast = 256;
  static constexpr std::size_t kChunks = 24;
  static std::uint32_t first_of(std::size_t chunk) { return kLeast * ((std::uint32_t{1} << chunk) - 1); }
  static std::size_t chunk_of(std::uint32_t number) {
    return static_cast<std::size_t>(31 - std::countl_zero(number / kLeast + 1));
  }

  void append(const logic::gateway::Validation& answer) {
    const std::size_t chunk = chunk_of(size_);
    if (size_ == first_of(chunk)) {
      chunks_[chunk] = std::make_unique<logic::gateway::Validation[]>(std::size_t{kLeast} << chunk);
    }
    chunks_[chunk][size_ - first_of(chunk)] = answer;
    ++size_;
  }

  std::map<Known, std::uint32_t> numbers_;
  std::array<std::unique_ptr<logic::gateway::Validation[]>, kChunks> chunks_;
  std::uint32_t size_{0};
};

}  // namespace parallax::runtime
