#include "tests/models/logic/jwt/openssl_signatures.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <array>
#include <bit>
#include <memory>
#include <stdexcept>
#include <utility>

namespace parallax::testing {

namespace {

template <auto kFree>
struct Freeing {
  template <typename Object>
  void operator()(Object* object) const {
    kFree(object);
  }
};
template <typename Object, auto kFree>
using Owned = std::unique_ptr<Object, Freeing<kFree>>;

using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using Number = Owned<BIGNUM, BN_free>;
using ParameterBuilder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Parameters = Owned<OSSL_PARAM, OSSL_PARAM_free>;
using EcdsaSignature = Owned<ECDSA_SIG, ECDSA_SIG_free>;
using Memory = Owned<BIO, BIO_free_all>;

constexpr int kLeastRsaBits = 2048;
constexpr std::size_t kLeastSecretBytes = 32;
constexpr int kP256Bytes = 32;  // of each of x, y, r and s
constexpr std::size_t kLongestSignature = 1024;

const unsigned char* bytes(std::string_view text) { return std::bit_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(std::string& text) { return std::bit_cast<unsigned char*>(text.data()); }

void require(bool is_so, const char* what) {
  if (!is_so) throw std::runtime_error{std::string{"OpenSSL: "} + what};
}

Number number(std::string_view big_endian) {
  return Number{BN_bin2bn(bytes(big_endian), static_cast<int>(big_endian.size()), nullptr)};
}

Key public_key(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters{OSSL_PARAM_BLD_to_param(builder)};
  const KeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
  EVP_PKEY* key = nullptr;
  require(parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
              EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1,
          "the public key is none");
  return Key{key};
}

Key hmac_key(std::string_view secret) {
  require(secret.size() >= kLeastSecretBytes, "an HS256 secret has at least 32 bytes");
  Key key{EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, nullptr, bytes(secret), secret.size())};
  require(key != nullptr, "the secret is none");
  return key;
}

// RFC 7518 section 3.4: r || s of 32 bytes each, where OpenSSL has an ASN.1 sequence of two integers.
std::string der_of(std::string_view raw) {
  if (raw.size() != 2 * kP256Bytes) return {};
  Number r = number(raw.substr(0, kP256Bytes));
  Number s = number(raw.substr(kP256Bytes));
  const EcdsaSignature signature{ECDSA_SIG_new()};
  if (!r || !s || !signature || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  std::array<unsigned char, kLongestSignature> der;
  unsigned char* end = der.data();
  const int size = i2d_ECDSA_SIG(signature.get(), &end);
  return size <= 0 ? std::string{}
                   : std::string(std::bit_cast<const char*>(der.data()), static_cast<std::size_t>(size));
}

std::string raw_of(std::string_view der) {
  const unsigned char* start = bytes(der);
  const EcdsaSignature signature{d2i_ECDSA_SIG(nullptr, &start, static_cast<long>(der.size()))};
  std::string raw(2 * kP256Bytes, '\0');
  require(signature && BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes(raw), kP256Bytes) == kP256Bytes &&
              BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes(raw) + kP256Bytes, kP256Bytes) == kP256Bytes,
          "the signature is not on P-256");
  return raw;
}

bool digest_verify(EVP_PKEY* key, std::string_view input, std::string_view signature) {
  const DigestContext context{EVP_MD_CTX_new()};
  return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(input), input.size()) == 1;
}

// Empty if it cannot be done. RSA: PKCS #1 v1.5 is the default padding.
std::string digest_sign(EVP_PKEY* key, std::string_view input) {
  const DigestContext context{EVP_MD_CTX_new()};
  std::string signature(kLongestSignature, '\0');
  std::size_t size = signature.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), bytes(signature), &size, bytes(input), input.size()) != 1) {
    return {};
  }
  signature.resize(size);
  return signature;
}

}  // namespace

struct OpenSslSignatures::Material {
  Algorithm algorithm;
  Key key;
};

OpenSslSignatures::OpenSslSignatures() = default;
OpenSslSignatures::~OpenSslSignatures() = default;
OpenSslSignatures::OpenSslSignatures(OpenSslSignatures&&) noexcept = default;
OpenSslSignatures& OpenSslSignatures::operator=(OpenSslSignatures&&) noexcept = default;

OpenSslSignatures::MaterialId OpenSslSignatures::add(Material material) {
  materials_.push_back(std::move(material));
  return static_cast<MaterialId>(materials_.size() - 1);
}

OpenSslSignatures::MaterialId OpenSslSignatures::add_rsa_public(std::string_view modulus, std::string_view exponent) {
  const ParameterBuilder builder{OSSL_PARAM_BLD_new()};
  const Number n = number(modulus);
  const Number e = number(exponent);
  require(builder && n && e && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1 &&
              OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1,
          "no memory");
  Key key = public_key("RSA", builder.get());
  require(EVP_PKEY_get_bits(key.get()) >= kLeastRsaBits, "an RS256 key has at least 2048 bits");
  return add({Algorithm::kRs256, std::move(key)});
}

OpenSslSignatures::MaterialId OpenSslSignatures::add_p256_public(std::string_view x, std::string_view y) {
  const std::string point = "\x04" + std::string{x} + std::string{y};  // uncompressed, SEC 1 section 2.3.3
  const ParameterBuilder builder{OSSL_PARAM_BLD_new()};
  require(builder && OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
              OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1,
          "no memory");
  return add({Algorithm::kEs256, public_key("EC", builder.get())});
}

OpenSslSignatures::MaterialId OpenSslSignatures::add_secret(std::string_view secret) {
  return add({Algorithm::kHs256, hmac_key(secret)});
}

OpenSslSignatures::MaterialId OpenSslSignatures::generate(Algorithm algorithm) {
  if (algorithm == Algorithm::kHs256) {
    std::string secret(kLeastSecretBytes, '\0');
    require(RAND_bytes(bytes(secret), static_cast<int>(secret.size())) == 1, "no random bytes");
    return add_secret(secret);
  }
  Key key{algorithm == Algorithm::kRs256 ? EVP_RSA_gen(kLeastRsaBits) : EVP_EC_gen("P-256")};
  require(key != nullptr, "no key was generated");
  return add({algorithm, std::move(key)});
}

std::string OpenSslSignatures::public_pem(MaterialId material) const {
  const Memory memory{BIO_new(BIO_s_mem())};
  EVP_PKEY* key = materials_.at(static_cast<std::size_t>(material)).key.get();
  require(memory && PEM_write_bio_PUBKEY(memory.get(), key) == 1, "the key has no public half");
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

// Null too if the key is for another algorithm than its material.
const OpenSslSignatures::Material* OpenSslSignatures::find(const SigningKey& key) const {
  const auto at = static_cast<std::size_t>(key.material);
  return at < materials_.size() && materials_[at].algorithm == key.algorithm ? &materials_[at] : nullptr;
}

bool OpenSslSignatures::verify(const SigningKey& key, std::string_view input, std::string_view signature) const {
  const Material* material = find(key);
  if (material == nullptr) return false;
  if (key.algorithm == Algorithm::kRs256) return digest_verify(material->key.get(), input, signature);
  if (key.algorithm == Algorithm::kEs256) return digest_verify(material->key.get(), input, der_of(signature));
  const std::string wanted = digest_sign(material->key.get(), input);
  return !wanted.empty() && wanted.size() == signature.size() &&
         CRYPTO_memcmp(wanted.data(), signature.data(), wanted.size()) == 0;
}

std::string OpenSslSignatures::sign(const SigningKey& key, std::string_view input) const {
  const Material* material = find(key);
  require(material != nullptr, "the key is for another algorithm");
  const std::string signature = digest_sign(material->key.get(), input);
  require(!signature.empty(), "the key cannot sign");
  return key.algorithm == Algorithm::kEs256 ? raw_of(signature) : signature;
}

}  // namespace parallax::testing
