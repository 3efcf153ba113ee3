// Fields that take one of a few words.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>

#include "scenarios/reporter.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {

/// Empty is none: where a field may be left out. `index`: of a list's element.
template <typename Owner>
void check_word(const Owner& owner, const char* field, const std::string& text, std::span<const std::string> words,
                Reporter& reporter, int index = 0) {
  if (text.empty() || std::find(words.begin(), words.end(), text) != words.end()) return;
  reporter.report(owner, field, fmt::format("unknown {} {}{}", field, quoted(text), suggestion(text, "words", words)),
                  index);
}

/// The same of each element of a list.
template <typename Owner>
void check_words(const Owner& owner, const char* field, const google::protobuf::RepeatedPtrField<std::string>& texts,
                 std::span<const std::string> words, Reporter& reporter) {
  for (int i = 0; i < texts.size(); ++i) check_word(owner, field, texts[i], words, reporter, i);
}

}  // namespace parallax::scenarios
