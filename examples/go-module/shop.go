// Package shop prices what is sold.
package shop

// Total is the price of several of one thing, in cents.
func Total(cents, number int) int {
	return cents * number
}
