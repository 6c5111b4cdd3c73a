/* Strings as JSON on stdout. Names may hold any byte: what is no ASCII is shown as \u00XX. */
#ifndef BPFCC_JSON_H
#define BPFCC_JSON_H

/* "TEXT", escaped. */
void json_string(const char *text);

/* ,"NAME":"TEXT"; nothing when text is NULL. */
void json_field(const char *name, const char *text);

#endif
