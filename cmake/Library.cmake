# How every part of Parallax is compiled.

# Warnings are errors, but where g++'s sanitizers make it warn of what is not there (its manual advises against the two
# together); the same floating-point result on every CPU (no fused multiply-add, no fast-math; of
# libraries that write such instructions themselves Dependencies.cmake takes care).
option(PARALLAX_WARNINGS_ARE_ERRORS "warnings end the build" ON)
add_library(parallax_compile_options INTERFACE)
target_compile_features(parallax_compile_options INTERFACE cxx_std_20)
target_compile_options(parallax_compile_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
  $<$<BOOL:${PARALLAX_WARNINGS_ARE_ERRORS}>:-Werror>
  -ffp-contract=off
  # g++ 12 at -O3 sees overlapping copies in std::string's operator+ and overflows in fmt's format-string parser that
  # are not there (GCC bug 105651 and its kin); clang and the address sanitizer look for real ones.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-stringop-overflow>)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_CURRENT_LIST_DIR}/cached_compiler)
endif()

# parallax_library(models_logic SOURCES a.cpp DEPENDS models_domain): the target parallax_models_logic. Without
# sources it is header-only. PRECOMPILE: a library whose files cannot be compiled together precompiles these headers
# instead, in the presets that compile together.
function(parallax_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE;PRECOMPILE" ${ARGN})
  list(TRANSFORM ARG_DEPENDS REPLACE "^@" "parallax_")
  list(TRANSFORM ARG_PRIVATE REPLACE "^@" "parallax_")
  if(ARG_SOURCES)
    add_library(parallax_${name} STATIC ${ARG_SOURCES})
    # g++ takes coroutines of files that are compiled together for those of a header, which may not see a file's own
    # types.
    if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      target_compile_options(parallax_${name} PRIVATE -Wno-subobject-linkage)
    endif()
    if(CMAKE_UNITY_BUILD AND ARG_PRECOMPILE)
      set_target_properties(parallax_${name} PROPERTIES UNITY_BUILD OFF)
      target_precompile_headers(parallax_${name} PRIVATE ${ARG_PRECOMPILE})
    endif()
    target_include_directories(parallax_${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(parallax_${name} PUBLIC ${ARG_DEPENDS} PRIVATE parallax_compile_options ${ARG_PRIVATE})
    target_compile_features(parallax_${name} PUBLIC cxx_std_20)
  else()
    add_library(parallax_${name} INTERFACE)
    target_include_directories(parallax_${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(parallax_${name} INTERFACE ${ARG_DEPENDS})
    target_compile_features(parallax_${name} INTERFACE cxx_std_20)
  endif()
endfunction()

# Everything that `target` links, directly or not, into the list named `out`.
function(parallax_closure target out)
  set(seen)
  set(open ${target})
  while(open)
    list(POP_FRONT open next)
    if(next IN_LIST seen OR NOT TARGET ${next})
      continue()
    endif()
    list(APPEND seen ${next})
    foreach(property LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
      get_target_property(links ${next} ${property})
      if(links)
        list(TRANSFORM links REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1")
        list(APPEND open ${links})
      endif()
    endforeach()
  endwhile()
  set(${out} ${seen} PARENT_SCOPE)
endfunction()

# Ends the configuration if `target` could reach one of the FORBIDDEN: a wall of the house that no test need stand by.
function(parallax_must_not_reach target)
  parallax_closure(${target} reached)
  foreach(forbidden ${ARGN})
    if(forbidden IN_LIST reached)
      message(FATAL_ERROR "${target} links ${forbidden}, which it must do without")
    endif()
  endforeach()
endfunction()
