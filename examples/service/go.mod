module example.com/shop

go 1.26

require github.com/gin-gonic/gin v1.11.0
