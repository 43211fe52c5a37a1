//! Pictures and documents of customers, as the back office takes them.

super::resource! {
    "Customer files": "Pictures and documents of customers." {
        SET_CUSTOMER_IMAGE = "setCustomerImage" Put "/studios/{studioId}/customers/{customerId}/image" CustomersWrite: "Replace the picture of a customer";
        REMOVE_CUSTOMER_IMAGE = "removeCustomerImage" Delete "/studios/{studioId}/customers/{customerId}/image" CustomersWrite: "Take the picture of a customer away";
        ADD_CUSTOMER_DOCUMENT = "addCustomerDocument" Post "/studios/{studioId}/customers/{customerId}/documents" CustomersWrite: "Store a document of a customer";
    }
}
