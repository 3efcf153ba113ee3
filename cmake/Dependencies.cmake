# Third-party libraries, all from Debian 12; the README says what each is for.
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(Protobuf 3.21 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(Threads REQUIRED)

find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)
find_path(RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED)
find_path(SLEEF_INCLUDE_DIR sleef.h REQUIRED)
find_library(SLEEF_LIBRARY sleef REQUIRED)
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
find_library(XXHASH_LIBRARY xxhash REQUIRED)
find_path(SODIUM_INCLUDE_DIR sodium.h REQUIRED)
find_library(SODIUM_LIBRARY sodium REQUIRED)

# Not vectorised: what Eigen writes for ARM's registers is a fused multiply-add, whatever -ffp-contract says, and what it
# sums in a register is summed in another order on each processor. The matrices here are of a few rows.
add_library(eigen INTERFACE)
target_link_libraries(eigen INTERFACE Eigen3::Eigen)
target_compile_definitions(eigen INTERFACE EIGEN_DONT_VECTORIZE)

add_library(sleef INTERFACE)
target_include_directories(sleef SYSTEM INTERFACE ${SLEEF_INCLUDE_DIR})
target_link_libraries(sleef INTERFACE ${SLEEF_LIBRARY})

add_library(xxhash INTERFACE)
target_include_directories(xxhash SYSTEM INTERFACE ${XXHASH_INCLUDE_DIR})
target_link_libraries(xxhash INTERFACE ${XXHASH_LIBRARY})

add_library(sodium INTERFACE)
target_include_directories(sodium SYSTEM INTERFACE ${SODIUM_INCLUDE_DIR})
target_link_libraries(sodium INTERFACE ${SODIUM_LIBRARY})
