"""The pages of the kernel, one module an aggregate."""
