def print_check(b,c): return 0
def print_test(b,c,o): return 0
def print_try(b,i,c): return 0
