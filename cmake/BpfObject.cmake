# BPF objects for the tests, made from plain C by stock clang: bpf_objects(TARGET DIR SOURCE...).
# DIR gets NAME.o for each NAME.c. Sets TARGET_FOUND to whether there is a clang.
# Not the compiler under test: the objects are the same whatever that is (14 has no 64-bit enums).
find_program(BPF_CLANG NAMES clang-19 clang-22 clang-18 clang-17 clang-16 clang)

function(bpf_objects target dir)
	set(${target}_FOUND FALSE PARENT_SCOPE)
	if(NOT BPF_CLANG)
		message(STATUS "No clang: tests that need ${target} are left out")
		return()
	endif()
	foreach(source ${ARGN})
		get_filename_component(name ${source} NAME_WLE)
		add_custom_command(OUTPUT ${dir}/${name}.o
			COMMAND ${CMAKE_COMMAND} -E make_directory ${dir}
			COMMAND ${BPF_CLANG} -target bpf -O2 -g -Wall -Werror
				-I/usr/include/${CMAKE_LIBRARY_ARCHITECTURE}
				-c ${source} -o ${dir}/${name}.o
			DEPENDS ${source} VERBATIM)
		list(APPEND objects ${dir}/${name}.o)
	endforeach()
	add_custom_target(${target} DEPENDS ${objects})
	set(${target}_FOUND TRUE PARENT_SCOPE)
endfunction()
