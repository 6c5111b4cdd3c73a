#pragma once
#define OWN 7
