#include "models/logic/routing/byte_scan.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace parallax::logic::routing {

std::uint64_t stops_in_block(const char* bytes) {
  std::uint64_t stops = 0;
#ifdef __SSE2__
  for (int i = 0; i < 64; i += 16) {
    const __m128i sixteen = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + i));
    const auto is = [&](char byte) { return _mm_cmpeq_epi8(sixteen, _mm_set1_epi8(byte)); };
    const __m128i or_4 = _mm_or_si128(sixteen, _mm_set1_epi8(4));
    const __m128i a = _mm_or_si128(is('/'), is('%'));
    const __m128i b = _mm_or_si128(is('#'), is('\\'));
    const __m128i c = _mm_or_si128(is(0x7f), _mm_cmpeq_epi8(or_4, _mm_set1_epi8('?')));
    const __m128i d = _mm_cmplt_epi8(sixteen, _mm_set1_epi8(0x21));
    const int mask = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d)));
    stops |= std::uint64_t{static_cast<std::uint32_t>(mask)} << i;
  }
#else
  for (unsigned i = 0; i < 8; ++i) stops |= stops_in_word(bytes + 8 * i) << 8 * i;
#endif
  return stops;
}

}  // namespace parallax::logic::routing
