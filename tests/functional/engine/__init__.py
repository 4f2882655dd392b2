"""The release engine under attack: killed, lied to, raced. Whatever happens, a release is made exactly once."""
